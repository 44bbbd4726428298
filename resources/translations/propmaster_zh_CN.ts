<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN">
<context>
    <name>AboutPage</name>
    <message>
        <source>Check for updates</source>
        <translation>检查更新</translation>
    </message>
    <message>
        <source>Open the download in the browser</source>
        <translation>在浏览器中打开下载页面</translation>
    </message>
    <message>
        <source>Updates are looked for only when you press the button. Nothing about you or your pictures is sent, and no program is installed by itself.</source>
        <translation>只有按下按钮时才会检查更新。不会发送任何与您或您的图片有关的信息，也不会自行安装任何程序。</translation>
    </message>
    <message>
        <source>Licences of everything inside</source>
        <translation>所含全部组件的许可证</translation>
    </message>
    <message>
        <source>Asking…</source>
        <translation>正在询问…</translation>
    </message>
    <message>
        <source>The tables of models and prices are newer from now on.</source>
        <translation>模型与价格表已更新，即刻生效。</translation>
    </message>
    <message>
        <source>This is the newest version.</source>
        <translation>已是最新版本。</translation>
    </message>
    <message>
        <source>Version {0} is out.</source>
        <translation>版本 {0} 已发布。</translation>
    </message>
</context>
<context>
    <name>Actions</name>
    <message>
        <source>Tray: person</source>
        <translation>托盘：人物</translation>
    </message>
    <message>
        <source>Tray: garment</source>
        <translation>托盘：服装</translation>
    </message>
    <message>
        <source>Tray: accessory</source>
        <translation>托盘：配饰</translation>
    </message>
    <message>
        <source>Tray: prop</source>
        <translation>托盘：道具</translation>
    </message>
    <message>
        <source>Tray: scene</source>
        <translation>托盘：场景</translation>
    </message>
    <message>
        <source>Tray: style</source>
        <translation>托盘：风格</translation>
    </message>
    <message>
        <source>Find similar</source>
        <translation>查找相似</translation>
    </message>
    <message>
        <source>Add to search</source>
        <translation>加入搜索</translation>
    </message>
    <message>
        <source>Not like this</source>
        <translation>不要像这个</translation>
    </message>
    <message>
        <source>Preview</source>
        <translation>预览</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>打开</translation>
    </message>
    <message>
        <source>Open with…</source>
        <translation>打开方式…</translation>
    </message>
    <message>
        <source>Show in folder</source>
        <translation>在文件夹中显示</translation>
    </message>
    <message>
        <source>Copy image</source>
        <translation>复制图像</translation>
    </message>
    <message>
        <source>Copy path</source>
        <translation>复制路径</translation>
    </message>
    <message>
        <source>Tag…</source>
        <translation>标签…</translation>
    </message>
    <message>
        <source>No rating</source>
        <translation>无评分</translation>
    </message>
    <message>
        <source>1 star</source>
        <translation>1 星</translation>
    </message>
    <message>
        <source>2 stars</source>
        <translation>2 星</translation>
    </message>
    <message>
        <source>3 stars</source>
        <translation>3 星</translation>
    </message>
    <message>
        <source>4 stars</source>
        <translation>4 星</translation>
    </message>
    <message>
        <source>5 stars</source>
        <translation>5 星</translation>
    </message>
    <message>
        <source>Add to tray</source>
        <translation>放入托盘</translation>
    </message>
    <message>
        <source>Compose with these</source>
        <translation>用这些合成</translation>
    </message>
    <message>
        <source>Take from tray</source>
        <translation>从托盘取出</translation>
    </message>
    <message>
        <source>Never send</source>
        <translation>永不外发</translation>
    </message>
    <message>
        <source>Read again</source>
        <translation>重新读取</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>搜索</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>后退</translation>
    </message>
    <message>
        <source>Forward</source>
        <translation>前进</translation>
    </message>
    <message>
        <source>Save search…</source>
        <translation>保存搜索…</translation>
    </message>
    <message>
        <source>Show everything</source>
        <translation>显示全部</translation>
    </message>
    <message>
        <source>Compose</source>
        <translation>合成</translation>
    </message>
    <message>
        <source>Batches</source>
        <translation>批次</translation>
    </message>
    <message>
        <source>Compare with its references</source>
        <translation>与参考图对比</translation>
    </message>
    <message>
        <source>Pick</source>
        <translation>选用</translation>
    </message>
    <message>
        <source>Reject</source>
        <translation>淘汰</translation>
    </message>
    <message>
        <source>Neither pick nor reject</source>
        <translation>取消选用或淘汰</translation>
    </message>
    <message>
        <source>Redo…</source>
        <translation>重做…</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Show in the library</source>
        <translation>在素材库中显示</translation>
    </message>
    <message>
        <source>Open picture</source>
        <translation>打开图片</translation>
    </message>
    <message>
        <source>Show picture in folder</source>
        <translation>在文件夹中显示图片</translation>
    </message>
    <message>
        <source>Add folder…</source>
        <translation>添加文件夹…</translation>
    </message>
    <message>
        <source>Pause or resume indexing</source>
        <translation>暂停或继续索引</translation>
    </message>
    <message>
        <source>Duplicates…</source>
        <translation>重复图片…</translation>
    </message>
    <message>
        <source>Files without a picture…</source>
        <translation>无法读取的文件…</translation>
    </message>
    <message>
        <source>Larger thumbnails</source>
        <translation>放大缩略图</translation>
    </message>
    <message>
        <source>Smaller thumbnails</source>
        <translation>缩小缩略图</translation>
    </message>
    <message>
        <source>Show the tray</source>
        <translation>显示托盘</translation>
    </message>
    <message>
        <source>Sidebar</source>
        <translation>侧栏</translation>
    </message>
    <message>
        <source>Inspector</source>
        <translation>检查器</translation>
    </message>
    <message>
        <source>Settings…</source>
        <translation>设置…</translation>
    </message>
    <message>
        <source>Keyboard shortcuts</source>
        <translation>键盘快捷键</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>退出</translation>
    </message>
    <message>
        <source>Pictures</source>
        <translation>图片</translation>
    </message>
    <message>
        <source>Searching</source>
        <translation>搜索</translation>
    </message>
    <message>
        <source>Composing</source>
        <translation>合成</translation>
    </message>
    <message>
        <source>Pictures of a batch</source>
        <translation>批次中的图片</translation>
    </message>
    <message>
        <source>Library</source>
        <translation>图库</translation>
    </message>
    <message>
        <source>Window</source>
        <translation>窗口</translation>
    </message>
    <message>
        <source>Find similar to these %Ln</source>
        <translation>查找与这 %Ln 张相似的图片</translation>
    </message>
</context>
<context>
    <name>AssetGrid</name>
    <message>
        <source>Pictures</source>
        <translation>图片</translation>
    </message>
</context>
<context>
    <name>AssetList</name>
    <message>
        <source>Found by {0}</source>
        <translation>由 {0} 找到</translation>
    </message>
    <message>
        <source>Found by its name</source>
        <translation>由文件名找到</translation>
    </message>
</context>
<context>
    <name>AssetMenu</name>
    <message>
        <source>Rate</source>
        <translation>评分</translation>
    </message>
    <message>
        <source>Put in tray as</source>
        <translation>放入托盘作为</translation>
    </message>
    <message>
        <source>Open with</source>
        <translation>打开方式</translation>
    </message>
</context>
<context>
    <name>Badges</name>
    <message>
        <source>animated</source>
        <translation>动画</translation>
    </message>
</context>
<context>
    <name>Bands</name>
    <message>
        <source>Strong</source>
        <translation>高度匹配</translation>
    </message>
    <message>
        <source>Likely</source>
        <translation>可能匹配</translation>
    </message>
    <message>
        <source>Weak</source>
        <translation>较弱匹配</translation>
    </message>
</context>
<context>
    <name>BatchActions</name>
    <message>
        <source>These pictures are not in the library yet.</source>
        <translation>这些图片还不在素材库中。</translation>
    </message>
    <message>
        <source>Wait until their folder is indexed.</source>
        <translation>请等待它们的文件夹完成索引。</translation>
    </message>
    <message>
        <source>Show in folder</source>
        <translation>在文件夹中显示</translation>
    </message>
    <message numerus="yes">
        <source>%Ln cell(s) selected</source>
        <translation>
            <numerusform>已选 %Ln 格</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>BatchAsking</name>
    <message numerus="yes">
        <source>Cancel %Ln picture(s) not made yet?</source>
        <translation>
            <numerusform>要取消 %Ln 张未完成的图片吗？</numerusform>
        </translation>
    </message>
    <message>
        <source>What is being made at this moment may be billed all the same. Finished pictures stay.</source>
        <translation>正在生成的图片仍可能计费。已完成的图片会保留。</translation>
    </message>
    <message>
        <source>Cancel them</source>
        <translation>取消它们</translation>
    </message>
    <message numerus="yes">
        <source>Send %Ln picture(s) that nobody agreed to so far?</source>
        <translation>
            <numerusform>要发送 %Ln 张尚未同意的图片吗？</numerusform>
        </translation>
    </message>
    <message>
        <source>Send all</source>
        <translation>全部发送</translation>
    </message>
    <message>
        <source>Only what was agreed to</source>
        <translation>只发送已同意的</translation>
    </message>
    <message>
        <source>Budget of this batch</source>
        <translation>本批次的预算</translation>
    </message>
    <message>
        <source>The most that it may cost, in US dollars ({0} spent so far)</source>
        <translation>最多可花费的金额，单位美元（已花费 {0}）</translation>
    </message>
    <message>
        <source>All of them cost at most {0}: what is left of the batch&apos;s budget.</source>
        <translation>合计最多 {0}，即此批次的剩余预算。</translation>
    </message>
    <message>
        <source>Each costs at most {0}, all of them {1}.</source>
        <translation>每张最多 {0}，合计最多 {1}。</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>返回</translation>
    </message>
</context>
<context>
    <name>BatchHead</name>
    <message>
        <source>Pause</source>
        <translation>暂停</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>Redo…</source>
        <translation>重做…</translation>
    </message>
    <message>
        <source>Export picks…</source>
        <translation>导出选用…</translation>
    </message>
    <message>
        <source>More</source>
        <translation>更多</translation>
    </message>
    <message>
        <source>Cancel what is not made yet…</source>
        <translation>取消未完成的图片…</translation>
    </message>
    <message numerus="yes">
        <source>Redo %Ln refused…</source>
        <translation>
            <numerusform>重做 %Ln 张被拒的…</numerusform>
        </translation>
    </message>
    <message>
        <source>{0} of {1}</source>
        <translation>{0} / {1}</translation>
    </message>
    <message>
        <source>{0} spent of {1}</source>
        <translation>已花费 {0}，预算 {1}</translation>
    </message>
    <message>
        <source>Redo the failed…</source>
        <translation>重做失败的…</translation>
    </message>
    <message>
        <source>Send the cancelled after all…</source>
        <translation>重新发送已取消的…</translation>
    </message>
    <message>
        <source>Ask again for the maybe billed…</source>
        <translation>再次请求可能已计费的…</translation>
    </message>
    <message>
        <source>Change the budget of this batch…</source>
        <translation>更改本批次的预算…</translation>
    </message>
    <message>
        <source>Open the results folder</source>
        <translation>打开结果文件夹</translation>
    </message>
    <message>
        <source>Write how the pictures were made</source>
        <translation>写出图片的生成说明</translation>
    </message>
</context>
<context>
    <name>Batches</name>
    <message>
        <source>Dress up</source>
        <translation>换装</translation>
    </message>
    <message>
        <source>Prop or character</source>
        <translation>道具或角色</translation>
    </message>
    <message>
        <source>Scene</source>
        <translation>场景</translation>
    </message>
    <message>
        <source>Variation</source>
        <translation>变体</translation>
    </message>
    <message>
        <source>Not agreed to</source>
        <translation>未同意</translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation>等待中</translation>
    </message>
    <message>
        <source>Being made</source>
        <translation>生成中</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>完成</translation>
    </message>
    <message>
        <source>Refused</source>
        <translation>被拒</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>Cancelled</source>
        <translation>已取消</translation>
    </message>
    <message>
        <source>Maybe billed</source>
        <translation>可能已计费</translation>
    </message>
    <message>
        <source>All</source>
        <translation>全部</translation>
    </message>
    <message>
        <source>Not judged</source>
        <translation>未评选</translation>
    </message>
    <message>
        <source>Picked</source>
        <translation>选用</translation>
    </message>
    <message>
        <source>Rejected</source>
        <translation>淘汰</translation>
    </message>
    <message>
        <source>Running</source>
        <translation>进行中</translation>
    </message>
    <message>
        <source>Paused</source>
        <translation>已暂停</translation>
    </message>
    <message>
        <source>Stopped</source>
        <translation>已停止</translation>
    </message>
    <message>
        <source>Interrupted</source>
        <translation>已中断</translation>
    </message>
    <message>
        <source>Ended</source>
        <translation>已结束</translation>
    </message>
    <message>
        <source>Propmaster ended while this batch ran. Nothing is sent until you resume it; what is done stays.</source>
        <translation>此批次进行时 Propmaster 已退出。在您继续之前不会发送任何内容；已完成的会保留。</translation>
    </message>
    <message>
        <source>Paused by you. Resume it to go on.</source>
        <translation>已由您暂停。点“继续”接着进行。</translation>
    </message>
    <message>
        <source>Nobody agreed to what is left of it. Resume it to see the price and agree.</source>
        <translation>其余部分尚未同意。点“继续”查看价格并同意。</translation>
    </message>
    <message>
        <source>Resume it once that is mended.</source>
        <translation>解决之后请继续此批次。</translation>
    </message>
    <message>
        <source>Asking again may cost twice.</source>
        <translation>再次请求可能重复计费。</translation>
    </message>
    <message>
        <source>{0} no. {1}</source>
        <translation>{0} 第 {1} 批</translation>
    </message>
    <message>
        <source>{0} refused</source>
        <translation>{0} 张被拒</translation>
    </message>
    <message>
        <source>{0} failed</source>
        <translation>{0} 张失败</translation>
    </message>
    <message>
        <source>{0} maybe billed</source>
        <translation>{0} 张可能已计费</translation>
    </message>
    <message>
        <source>{0} cancelled</source>
        <translation>{0} 张已取消</translation>
    </message>
    <message>
        <source>How the pictures were made is written to {0}.</source>
        <translation>图片的生成说明已写入 {0}。</translation>
    </message>
    <message numerus="yes">
        <source>%Ln batch(es) were interrupted; nothing is sent until you resume.</source>
        <translation>
            <numerusform>%Ln 个批次曾被中断；在您继续之前不会发送任何内容。</numerusform>
        </translation>
    </message>
    <message>
        <source>{0}: {1}.</source>
        <translation>{0}：{1}。</translation>
    </message>
    <message>
        <source>{0} stopped: {1}.</source>
        <translation>{0} 已停止：{1}。</translation>
    </message>
    <message numerus="yes">
        <source>{0} of %Ln picture(s) made</source>
        <translation>
            <numerusform>已生成 {0} / %Ln 张图片</numerusform>
        </translation>
    </message>
    <message>
        <source>Show</source>
        <translation>显示</translation>
    </message>
    <message numerus="yes">
        <source>%Ln picture(s) copied.</source>
        <translation>
            <numerusform>已复制 %Ln 张图片。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln of them kept their ground: it is not plain enough to be cut.</source>
        <translation>
            <numerusform>其中 %Ln 张保留了背景：背景不够单一，无法抠除。</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>BatchesPage</name>
    <message>
        <source>Batches</source>
        <translation>批次</translation>
    </message>
    <message>
        <source>No batches yet</source>
        <translation>还没有批次</translation>
    </message>
    <message>
        <source>Pictures that you compose appear here: every one with its state, its price and where it is from.</source>
        <translation>您合成的图片会显示在这里：每张都有状态、价格和来源。</translation>
    </message>
    <message>
        <source>Compose</source>
        <translation>合成</translation>
    </message>
    <message>
        <source>Size of cells</source>
        <translation>单元格大小</translation>
    </message>
</context>
<context>
    <name>Browsing</name>
    <message>
        <source>Show everything</source>
        <translation>显示全部</translation>
    </message>
    <message>
        <source>Pictures appear here as soon as they are found. You can search while they are read.</source>
        <translation>找到的图片会立即显示在这里。读取期间即可搜索。</translation>
    </message>
    <message>
        <source>Looking for pictures…</source>
        <translation>正在查找图片…</translation>
    </message>
    <message>
        <source>No picture meets all of the conditions. Take one away, or show everything.</source>
        <translation>没有图片符合所有条件。请去掉一个条件，或显示全部。</translation>
    </message>
    <message>
        <source>Nothing found</source>
        <translation>没有找到</translation>
    </message>
</context>
<context>
    <name>Carrying</name>
    <message>
        <source>These files are not in the library.</source>
        <translation>这些文件不在库中。</translation>
    </message>
    <message>
        <source>Add their folder first.</source>
        <translation>请先添加它们所在的文件夹。</translation>
    </message>
</context>
<context>
    <name>Chip</name>
    <message>
        <source>Remove {0}</source>
        <translation>移除 {0}</translation>
    </message>
</context>
<context>
    <name>Choosing</name>
    <message numerus="yes">
        <source>%Ln picture(s) must stay on this computer and cannot be chosen.</source>
        <translation>
            <numerusform>有 %Ln 张图片必须留在本机，不能选用。</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ColourPicker</name>
    <message>
        <source>Brightness</source>
        <translation>亮度</translation>
    </message>
    <message>
        <source>Find this colour</source>
        <translation>查找此颜色</translation>
    </message>
</context>
<context>
    <name>ColourWheel</name>
    <message>
        <source>Colour wheel</source>
        <translation>色轮</translation>
    </message>
</context>
<context>
    <name>Compare</name>
    <message>
        <source>Compare</source>
        <translation>对比</translation>
    </message>
</context>
<context>
    <name>CompareFoot</name>
    <message>
        <source>Pick (P)</source>
        <translation>选用 (P)</translation>
    </message>
    <message>
        <source>Reject (X)</source>
        <translation>淘汰 (X)</translation>
    </message>
    <message>
        <source>Previous</source>
        <translation>上一张</translation>
    </message>
    <message>
        <source>Next</source>
        <translation>下一张</translation>
    </message>
    <message>
        <source>Redo… (R)</source>
        <translation>重做… (R)</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Every cell</source>
        <translation>每一格</translation>
    </message>
    <message>
        <source>Pictures only</source>
        <translation>只看图片</translation>
    </message>
    <message>
        <source>Pictures not judged yet</source>
        <translation>只看未评选的图片</translation>
    </message>
    <message>
        <source>What the arrow keys stop at</source>
        <translation>方向键停在哪些格</translation>
    </message>
    <message>
        <source>P: pick · X: reject · U: undo that · 1–9: a reference beside it · ↑ ↓: attempts · Z: pixels</source>
        <translation>P：选用 · X：淘汰 · U：撤销 · 1–9：并排显示参考图 · ↑ ↓：历次结果 · Z：原始像素</translation>
    </message>
</context>
<context>
    <name>ComposePage</name>
    <message>
        <source>Add a part</source>
        <translation>添加一个部分</translation>
    </message>
    <message>
        <source>Say what you want to see, or choose pictures.</source>
        <translation>说说想看到什么，或选择图片。</translation>
    </message>
    <message>
        <source>Say in words what the picture shows; only its style comes from the reference.</source>
        <translation>用文字说明画面内容；参考图只取其风格。</translation>
    </message>
    <message>
        <source>Choose a picture of the person to dress: lay it in the tray, or drop it here.</source>
        <translation>请选择要换装的人物图片：放入托盘，或拖到这里。</translation>
    </message>
    <message>
        <source>Choose a garment or an accessory, or say in words what to wear.</source>
        <translation>请选择服装或配饰，或用文字说明穿戴什么。</translation>
    </message>
    <message>
        <source>Choose a picture of what is to be set into the scene.</source>
        <translation>请选择要放进场景的物品图片。</translation>
    </message>
    <message>
        <source>Choose a scene, or say in words where it is.</source>
        <translation>请选择场景，或用文字说明地点。</translation>
    </message>
    <message>
        <source>Choose a picture whose style is taken; Return finds some for your words.</source>
        <translation>请选择取其风格的图片；按回车键按文字查找。</translation>
    </message>
    <message>
        <source>What to make</source>
        <translation>要合成什么</translation>
    </message>
    <message>
        <source>Find its parts</source>
        <translation>查找各部分</translation>
    </message>
    <message>
        <source>Find a style</source>
        <translation>查找风格</translation>
    </message>
    <message>
        <source>Describe a character or a prop and press Return. Each part is looked for in your library; swap what does not fit, add what is missing.</source>
        <translation>描述一个角色或道具，然后按回车键。每个部分都会在库中查找；不合适的可以更换，缺少的可以添加。</translation>
    </message>
    <message>
        <source>Describe</source>
        <translation>描述</translation>
    </message>
    <message>
        <source>Dress up</source>
        <translation>换装</translation>
    </message>
    <message>
        <source>Scene</source>
        <translation>场景</translation>
    </message>
    <message>
        <source>Variation in style</source>
        <translation>风格变体</translation>
    </message>
    <message>
        <source>elf archer with a flaming crown</source>
        <translation>戴着火焰皇冠的精灵弓箭手</translation>
    </message>
    <message>
        <source>anything else to say, such as: rolled-up sleeves, evening light</source>
        <translation>其他要求，例如：挽起袖子，傍晚的光线</translation>
    </message>
    <message>
        <source>anything else to say, such as: seen from above, soft shadows</source>
        <translation>其他要求，例如：俯视，柔和的阴影</translation>
    </message>
    <message>
        <source>European male model wearing a suit with a gold watch</source>
        <translation>穿西装、戴金表的欧洲男模特</translation>
    </message>
</context>
<context>
    <name>ConsentSheet</name>
    <message>
        <source>Do not ask again for this batch</source>
        <translation>此批次不再询问</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Review and send</source>
        <translation>检查并发送</translation>
    </message>
    <message numerus="yes">
        <source>Make %Ln draft(s)</source>
        <translation>
            <numerusform>制作 %Ln 张草图</numerusform>
        </translation>
    </message>
    <message>
        <source>Pictures to make</source>
        <translation>要制作的图片</translation>
    </message>
    <message>
        <source>Prompt of the chosen picture</source>
        <translation>所选图片的提示词</translation>
    </message>
    <message>
        <source>Pictures of this batch that you ask for once more are sent without this sheet, within its budget.</source>
        <translation>再次请求此批次的图片时，将在其预算内直接发送，不再显示此页。</translation>
    </message>
    <message numerus="yes">
        <source>Send %Ln request(s)</source>
        <translation>
            <numerusform>发送 %Ln 个请求</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln picture(s) to make</source>
        <translation>
            <numerusform>要制作 %Ln 张图片</numerusform>
        </translation>
    </message>
    <message>
        <source>No picture is sent, only the words of the prompts.</source>
        <translation>不发送任何图片，只发送提示词的文字。</translation>
    </message>
    <message>
        <source>These very files are sent, made smaller where needed. Place, camera, names and all other data about the originals are left out. Press one to see every pixel.</source>
        <translation>发送的正是这些文件，必要时已缩小。拍摄地点、相机、文件名以及原图的其他所有数据均已去除。点按其中一张可查看每个像素。</translation>
    </message>
    <message>
        <source>Make drafts on this computer?</source>
        <translation>在本机上制作草图？</translation>
    </message>
    <message>
        <source>Send this to {0}?</source>
        <translation>将以下内容发送给 {0}？</translation>
    </message>
    <message>
        <source>into {0}</source>
        <translation>存入 {0}</translation>
    </message>
    <message>
        <source>This may cost more than is left today. The batch stops when the budget of the day is used up, and can be resumed later.</source>
        <translation>费用可能超过今日剩余预算。当日预算用完后批次会停下，之后可以继续。</translation>
    </message>
    <message>
        <source>{0} will be retired; {1} follows it.</source>
        <translation>{0} 即将停用；由 {1} 接替。</translation>
    </message>
    <message>
        <source>Nothing leaves this computer</source>
        <translation>任何内容都不会离开本机</translation>
    </message>
    <message numerus="yes">
        <source>%Ln picture(s) leave this computer</source>
        <translation>
            <numerusform>%Ln 张图片将离开本机</numerusform>
        </translation>
    </message>
    <message>
        <source>There is no key for {0}.</source>
        <translation>没有 {0} 的密钥。</translation>
    </message>
    <message>
        <source>All of it may cost {0}, more than this batch may.</source>
        <translation>全部最多需要 {0}，超过此批次的上限。</translation>
    </message>
    <message>
        <source>One picture may cost more than is left today.</source>
        <translation>一张图片的费用就可能超过今日剩余预算。</translation>
    </message>
    <message>
        <source>Enter a key…</source>
        <translation>输入密钥…</translation>
    </message>
    <message>
        <source>Change the budget of the day…</source>
        <translation>更改每日预算…</translation>
    </message>
</context>
<context>
    <name>DuplicatesDialog</name>
    <message>
        <source>Comparing pictures…</source>
        <translation>正在比较图片…</translation>
    </message>
    <message>
        <source>Show more</source>
        <translation>显示更多</translation>
    </message>
    <message>
        <source>Duplicates</source>
        <translation>重复图片</translation>
    </message>
    <message numerus="yes">
        <source>%Ln group(s)</source>
        <translation>
            <numerusform>%Ln 组</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Move %Ln file(s) to the trash?</source>
        <translation>
            <numerusform>将 %Ln 个文件移到回收站？</numerusform>
        </translation>
    </message>
    <message>
        <source>{0} could be freed</source>
        <translation>可释放 {0}</translation>
    </message>
    <message>
        <source>There are no duplicates.</source>
        <translation>没有重复图片。</translation>
    </message>
    <message>
        <source>Move to trash</source>
        <translation>移到回收站</translation>
    </message>
    <message>
        <source>{0} could not be moved to the trash: {1}</source>
        <translation>{0} 无法移到回收站：{1}</translation>
    </message>
</context>
<context>
    <name>EngineClient</name>
    <message>
        <source>The search engine stopped twice over the same request.</source>
        <translation>搜索引擎因同一请求停止了两次。</translation>
    </message>
    <message>
        <source>Try something else; the log has the details.</source>
        <translation>请换一种方式；详情见日志。</translation>
    </message>
</context>
<context>
    <name>EngineNews</name>
    <message>
        <source>The search engine stopped {0} times.</source>
        <translation>搜索引擎已停止 {0} 次。</translation>
    </message>
    <message>
        <source>The files of the model {0} are gone; {1} takes its place while its index is being built.</source>
        <translation>模型 {0} 的文件已不存在；{1} 已接替它，其索引仍在建立中。</translation>
    </message>
    <message>
        <source>Put the files back and start Propmaster again, or wait until all pictures are indexed.</source>
        <translation>请放回文件并重新启动 Propmaster，或等待全部图片索引完成。</translation>
    </message>
    <message>
        <source>{0} answers searches from now on.</source>
        <translation>从现在起由 {0} 进行搜索。</translation>
    </message>
</context>
<context>
    <name>EnginePage</name>
    <message>
        <source>Open the data directory</source>
        <translation>打开数据目录</translation>
    </message>
    <message>
        <source>embedded; or http://host:19530</source>
        <translation>内置；或 http://主机:19530</translation>
    </message>
    <message>
        <source>Data directory</source>
        <translation>数据目录</translation>
    </message>
    <message>
        <source>Milvus</source>
        <translation>Milvus</translation>
    </message>
    <message>
        <source>Thumbnails, at most</source>
        <translation>缩略图上限</translation>
    </message>
    <message>
        <source>Thumbnails {0} · catalogue {1}</source>
        <translation>缩略图 {0} · 目录库 {1}</translation>
    </message>
</context>
<context>
    <name>ExportSheet</name>
    <message>
        <source>Keep the pictures as they are</source>
        <translation>保持图片原样</translation>
    </message>
    <message>
        <source>Cut a plain ground away, for true transparency</source>
        <translation>抠除单色背景，得到真正的透明</translation>
    </message>
    <message numerus="yes">
        <source>Export %Ln picture(s)</source>
        <translation>
            <numerusform>导出 %Ln 张图片</numerusform>
        </translation>
    </message>
    <message>
        <source>Export picks</source>
        <translation>导出选用</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>文件夹</translation>
    </message>
    <message>
        <source>Choose…</source>
        <translation>选择…</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>This works where the ground is one plain colour up to the edges. Other pictures keep theirs, and you are told how many those are. The originals never change.</source>
        <translation>仅当背景直到边缘都是单一颜色时有效。其他图片保留背景，并会告诉您有几张。原图不会改变。</translation>
    </message>
    <message>
        <source>Copy the picks into a folder</source>
        <translation>把选用的图片复制到文件夹</translation>
    </message>
</context>
<context>
    <name>FilterMenu</name>
    <message>
        <source>Size</source>
        <translation>大小</translation>
    </message>
    <message>
        <source>Shape</source>
        <translation>形状</translation>
    </message>
    <message>
        <source>Transparency</source>
        <translation>透明度</translation>
    </message>
    <message>
        <source>Changed</source>
        <translation>修改时间</translation>
    </message>
    <message>
        <source>Rating</source>
        <translation>评分</translation>
    </message>
    <message>
        <source>Tag</source>
        <translation>标签</translation>
    </message>
    <message>
        <source>No filters</source>
        <translation>清除筛选</translation>
    </message>
    <message>
        <source>Format</source>
        <translation>格式</translation>
    </message>
    <message>
        <source>Colour</source>
        <translation>颜色</translation>
    </message>
</context>
<context>
    <name>Filters</name>
    <message>
        <source>from {0} px</source>
        <translation>不小于 {0} 像素</translation>
    </message>
    <message>
        <source>square</source>
        <translation>方形</translation>
    </message>
    <message>
        <source>portrait</source>
        <translation>竖向</translation>
    </message>
    <message>
        <source>landscape</source>
        <translation>横向</translation>
    </message>
    <message>
        <source>transparent</source>
        <translation>透明</translation>
    </message>
    <message>
        <source>opaque</source>
        <translation>不透明</translation>
    </message>
    <message>
        <source>last day</source>
        <translation>最近一天</translation>
    </message>
    <message>
        <source>last week</source>
        <translation>最近一周</translation>
    </message>
    <message>
        <source>last month</source>
        <translation>最近一月</translation>
    </message>
    <message>
        <source>last year</source>
        <translation>最近一年</translation>
    </message>
    <message>
        <source>without a picture</source>
        <translation>无法读取</translation>
    </message>
    <message>
        <source>not read yet</source>
        <translation>尚未读取</translation>
    </message>
</context>
<context>
    <name>FirstRun</name>
    <message>
        <source>Choose a folder…</source>
        <translation>选择文件夹…</translation>
    </message>
    <message>
        <source>Look around the sample library</source>
        <translation>浏览示例图库</translation>
    </message>
    <message>
        <source>Everything stays on this computer. Files are never moved, changed or copied.</source>
        <translation>一切都留在这台电脑上。文件不会被移动、修改或复制。</translation>
    </message>
    <message>
        <source>Find any picture by what it shows</source>
        <translation>按画面内容找到任何图片</translation>
    </message>
    <message>
        <source>In words, in English or Chinese, by another picture, by a part of one, or by a colour.</source>
        <translation>用中文或英文描述，用另一张图片或它的局部，或用一种颜色。</translation>
    </message>
    <message>
        <source>Your own pictures</source>
        <translation>您自己的图片</translation>
    </message>
    <message>
        <source>Add the folder where your props, sprites, renders and photos lie. You can search while it is read.</source>
        <translation>添加存放道具、精灵图、渲染图和照片的文件夹。读取期间即可搜索。</translation>
    </message>
    <message>
        <source>Just trying?</source>
        <translation>先试一试？</translation>
    </message>
    <message>
        <source>262 pieces of game art come along. They are ready to be searched in less than a minute.</source>
        <translation>随附 262 张游戏美术图片，不到一分钟即可搜索。</translation>
    </message>
</context>
<context>
    <name>FoldersPage</name>
    <message>
        <source>Add folder…</source>
        <translation>添加文件夹…</translation>
    </message>
    <message>
        <source>Pictures are read where they lie. Nothing is moved, changed or copied.</source>
        <translation>图片在原处读取，不会被移动、修改或复制。</translation>
    </message>
    <message>
        <source>Look at intervals (network drives)</source>
        <translation>定时检查（网络驱动器）</translation>
    </message>
    <message>
        <source>Never send anywhere</source>
        <translation>永不外发</translation>
    </message>
    <message>
        <source>Stop watching</source>
        <translation>停止监视</translation>
    </message>
    <message>
        <source>being read</source>
        <translation>正在读取</translation>
    </message>
    <message>
        <source>not connected</source>
        <translation>未连接</translation>
    </message>
    <message>
        <source>may not be read</source>
        <translation>无权读取</translation>
    </message>
    <message numerus="yes">
        <source>%Ln picture(s)</source>
        <translation>
            <numerusform>%Ln 张图片</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln file(s) without a picture</source>
        <translation>
            <numerusform>%Ln 个文件无法读取</numerusform>
        </translation>
    </message>
    <message>
        <source>Add folder</source>
        <translation>添加文件夹</translation>
    </message>
</context>
<context>
    <name>GeneratorCard</name>
    <message>
        <source>Test connection</source>
        <translation>测试连接</translation>
    </message>
    <message>
        <source>The connection works.</source>
        <translation>连接正常。</translation>
    </message>
    <message>
        <source>needs a key</source>
        <translation>需要密钥</translation>
    </message>
    <message>
        <source>Choose…</source>
        <translation>选择…</translation>
    </message>
    <message>
        <source>the usual one</source>
        <translation>默认地址</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>地址</translation>
    </message>
    <message>
        <source>Version</source>
        <translation>版本</translation>
    </message>
    <message>
        <source>found by trying</source>
        <translation>自动尝试</translation>
    </message>
    <message>
        <source>Vertex project</source>
        <translation>Vertex 项目</translation>
    </message>
    <message>
        <source>none: a key is used</source>
        <translation>无：使用密钥</translation>
    </message>
    <message>
        <source>Vertex region</source>
        <translation>Vertex 区域</translation>
    </message>
    <message>
        <source>Workflow</source>
        <translation>工作流</translation>
    </message>
    <message>
        <source>a file that ComfyUI exported with “Export (API)”</source>
        <translation>由 ComfyUI 用“Export (API)”导出的文件</translation>
    </message>
    <message>
        <source>Workflow of ComfyUI</source>
        <translation>ComfyUI 工作流</translation>
    </message>
    <message>
        <source>Asking…</source>
        <translation>正在询问…</translation>
    </message>
</context>
<context>
    <name>Generators</name>
    <message>
        <source>Draft</source>
        <translation>草图</translation>
    </message>
    <message>
        <source>Lays the references out on this computer, for trying things. Free; nothing leaves this computer.</source>
        <translation>在本机上排布参考图，供尝试之用。免费；任何内容都不会离开本机。</translation>
    </message>
    <message>
        <source>Google&apos;s image models, with a key or on Vertex. Paid; the chosen references are sent.</source>
        <translation>Google 的图像模型，使用密钥或通过 Vertex。收费；所选参考图会被发送。</translation>
    </message>
    <message>
        <source>OpenAI&apos;s image models, with a key. Paid; the chosen references are sent.</source>
        <translation>OpenAI 的图像模型，使用密钥。收费；所选参考图会被发送。</translation>
    </message>
    <message>
        <source>A Stable Diffusion web UI of your own, started with --api. Free; sent to its address only.</source>
        <translation>您自己的 Stable Diffusion 网页界面，需以 --api 启动。免费；只发送到它的地址。</translation>
    </message>
    <message>
        <source>A ComfyUI of your own and a workflow. Free; sent to its address only.</source>
        <translation>您自己的 ComfyUI 和一个工作流。免费；只发送到它的地址。</translation>
    </message>
</context>
<context>
    <name>GeneratorsPage</name>
    <message>
        <source>All generators</source>
        <translation>所有生成器</translation>
    </message>
    <message>
        <source>New pictures go to</source>
        <translation>新图片存放于</translation>
    </message>
    <message>
        <source>Choose…</source>
        <translation>选择…</translation>
    </message>
    <message>
        <source>“compositions” in the data directory</source>
        <translation>数据目录中的“compositions”</translation>
    </message>
    <message>
        <source>Proxy of paid services</source>
        <translation>收费服务的代理</translation>
    </message>
    <message>
        <source>Requests at once</source>
        <translation>同时请求数</translation>
    </message>
    <message>
        <source>Requests a minute</source>
        <translation>每分钟请求数</translation>
    </message>
    <message>
        <source>Longest wait for one</source>
        <translation>单个请求最长等待</translation>
    </message>
    <message>
        <source>Longest edge that is sent</source>
        <translation>发送图片的最长边</translation>
    </message>
    <message>
        <source>JPEG quality that is sent</source>
        <translation>发送图片的 JPEG 质量</translation>
    </message>
    <message>
        <source>no limit</source>
        <translation>不限</translation>
    </message>
    <message>
        <source>Another edge or quality starts the engine anew; a batch that runs then can be resumed.</source>
        <translation>更改边长或质量会重新启动引擎；届时正在运行的批次之后可以继续。</translation>
    </message>
    <message>
        <source>Folder for new pictures</source>
        <translation>新图片的文件夹</translation>
    </message>
</context>
<context>
    <name>GroupCard</name>
    <message>
        <source>Keep all</source>
        <translation>全部保留</translation>
    </message>
    <message numerus="yes">
        <source>Move %Ln to trash…</source>
        <translation>
            <numerusform>将 %Ln 个移到回收站…</numerusform>
        </translation>
    </message>
    <message>
        <source>Exactly the same file</source>
        <translation>完全相同的文件</translation>
    </message>
    <message>
        <source>The same picture in another form</source>
        <translation>同一图片的不同形式</translation>
    </message>
    <message>
        <source>Best: its drive is connected</source>
        <translation>最佳：所在驱动器已连接</translation>
    </message>
    <message>
        <source>Best: most pixels</source>
        <translation>最佳：像素最多</translation>
    </message>
    <message>
        <source>Best: format without loss</source>
        <translation>最佳：无损格式</translation>
    </message>
    <message>
        <source>Best: least compressed</source>
        <translation>最佳：压缩最少</translation>
    </message>
    <message>
        <source>Best: the oldest</source>
        <translation>最佳：最早的文件</translation>
    </message>
    <message>
        <source>Best: rated highest</source>
        <translation>最佳：评分最高</translation>
    </message>
    <message>
        <source>Best: first by name</source>
        <translation>最佳：按名称排在最前</translation>
    </message>
</context>
<context>
    <name>HandOver</name>
    <message>
        <source>{0} did not start.</source>
        <translation>{0} 未能启动。</translation>
    </message>
    <message>
        <source>Choose another program.</source>
        <translation>请选择其他程序。</translation>
    </message>
    <message numerus="yes">
        <source>%Ln path(s) copied.</source>
        <translation>
            <numerusform>已复制 %Ln 个路径。</numerusform>
        </translation>
    </message>
    <message>
        <source>{0} copied.</source>
        <translation>已复制 {0}。</translation>
    </message>
    <message>
        <source>{0} cannot be opened.</source>
        <translation>无法打开 {0}。</translation>
    </message>
    <message>
        <source>Check that its drive is connected and that a program for it is installed.</source>
        <translation>请检查其驱动器是否已连接，以及是否装有相应的程序。</translation>
    </message>
</context>
<context>
    <name>Inspector</name>
    <message>
        <source>Select a picture to see what is known of it.</source>
        <translation>选择一张图片以查看其信息。</translation>
    </message>
    <message>
        <source>Looks almost the same</source>
        <translation>几乎相同的图片</translation>
    </message>
    <message>
        <source>Used in</source>
        <translation>用它生成的图片</translation>
    </message>
    <message numerus="yes">
        <source>%Ln picture(s)</source>
        <translation>
            <numerusform>%Ln 张图片</numerusform>
        </translation>
    </message>
    <message>
        <source>A note for yourself</source>
        <translation>写给自己的备注</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>备注</translation>
    </message>
    <message>
        <source>Description</source>
        <translation>描述</translation>
    </message>
    <message>
        <source>What it shows, in words that searches find</source>
        <translation>画面内容，搜索可以找到这些文字</translation>
    </message>
    <message>
        <source>Tags</source>
        <translation>标签</translation>
    </message>
    <message>
        <source>Its drive is not connected. It stays in the library and can be searched.</source>
        <translation>其驱动器未连接。图片仍保留在图库中，可以搜索。</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>大小</translation>
    </message>
    <message>
        <source>Written by %1</source>
        <translation>由 %1 撰写</translation>
    </message>
    <message>
        <source>Written by %1, edited by you</source>
        <translation>由 %1 撰写，您已修改</translation>
    </message>
    <message>
        <source>Format</source>
        <translation>格式</translation>
    </message>
    <message>
        <source>Pixels</source>
        <translation>像素</translation>
    </message>
    <message>
        <source>Changed</source>
        <translation>修改时间</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>文件夹</translation>
    </message>
    <message>
        <source>Taken</source>
        <translation>拍摄时间</translation>
    </message>
    <message>
        <source>Camera</source>
        <translation>相机</translation>
    </message>
    <message>
        <source>Sending</source>
        <translation>外发</translation>
    </message>
    <message>
        <source>never</source>
        <translation>永不</translation>
    </message>
    <message>
        <source>Copies</source>
        <translation>副本</translation>
    </message>
</context>
<context>
    <name>JobFacts</name>
    <message>
        <source>What the model said</source>
        <translation>模型的回复</translation>
    </message>
    <message>
        <source>Attempts</source>
        <translation>历次结果</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Size, ratio</source>
        <translation>尺寸、比例</translation>
    </message>
    <message>
        <source>Finished</source>
        <translation>完成时间</translation>
    </message>
    <message>
        <source>Sent</source>
        <translation>发送时间</translation>
    </message>
    <message>
        <source>Booked</source>
        <translation>入账</translation>
    </message>
    <message>
        <source>Requests</source>
        <translation>请求次数</translation>
    </message>
    <message>
        <source>Request id</source>
        <translation>请求编号</translation>
    </message>
    <message>
        <source>File</source>
        <translation>文件</translation>
    </message>
    <message>
        <source>Prompt</source>
        <translation>提示词</translation>
    </message>
</context>
<context>
    <name>KeyRow</name>
    <message>
        <source>Key</source>
        <translation>密钥</translation>
    </message>
    <message>
        <source>Keep key</source>
        <translation>保存密钥</translation>
    </message>
    <message>
        <source>Paste another key to replace it</source>
        <translation>粘贴另一个密钥以替换</translation>
    </message>
    <message>
        <source>Paste a key</source>
        <translation>粘贴密钥</translation>
    </message>
    <message>
        <source>Forget key</source>
        <translation>删除密钥</translation>
    </message>
    <message>
        <source>The key is that of the environment variable {0}.</source>
        <translation>密钥来自环境变量 {0}。</translation>
    </message>
    <message>
        <source>The key is kept in the system&apos;s keyring ({0}).</source>
        <translation>密钥保存在系统密钥环中（{0}）。</translation>
    </message>
    <message>
        <source>The key is kept in the file {0}.</source>
        <translation>密钥保存在文件 {0} 中。</translation>
    </message>
    <message>
        <source>This system has no keyring, so the key lies there unencrypted. Only your account may read the file, but so may every program that you run.</source>
        <translation>此系统没有密钥环，因此密钥以未加密的形式存放在该文件中。只有您的账户可以读取该文件，但您运行的任何程序也同样可以。</translation>
    </message>
</context>
<context>
    <name>LargePicture</name>
    <message>
        <source>These are the exact pixels.</source>
        <translation>这就是将要发送的确切像素。</translation>
    </message>
</context>
<context>
    <name>LedgerTable</name>
    <message>
        <source>Day</source>
        <translation>日期</translation>
    </message>
    <message>
        <source>Requests</source>
        <translation>请求数</translation>
    </message>
    <message>
        <source>Counted</source>
        <translation>计入</translation>
    </message>
    <message>
        <source>of it maybe billed</source>
        <translation>其中可能已计费</translation>
    </message>
</context>
<context>
    <name>LookPage</name>
    <message>
        <source>As the system</source>
        <translation>跟随系统</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>浅色</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>深色</translation>
    </message>
    <message>
        <source>Theme</source>
        <translation>主题</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>语言</translation>
    </message>
    <message>
        <source>Index gently while another program is in front</source>
        <translation>其他程序在前台时放慢索引</translation>
    </message>
</context>
<context>
    <name>MadeFrom</name>
    <message>
        <source>Made from</source>
        <translation>来源</translation>
    </message>
    <message>
        <source>Prompt</source>
        <translation>提示词</translation>
    </message>
    <message>
        <source>Show in its batch</source>
        <translation>在批次中显示</translation>
    </message>
</context>
<context>
    <name>MatrixView</name>
    <message>
        <source>Pictures of the batch</source>
        <translation>批次中的图片</translation>
    </message>
</context>
<context>
    <name>ModelCard</name>
    <message>
        <source>Transfer</source>
        <translation>传输</translation>
    </message>
    <message>
        <source>Indexing</source>
        <translation>索引</translation>
    </message>
    <message>
        <source>The licence does not allow commercial use.</source>
        <translation>此许可不允许商业使用。</translation>
    </message>
    <message>
        <source>downloading: {0} of {1}</source>
        <translation>正在下载：{0} / {1}</translation>
    </message>
    <message>
        <source>copying: {0} of {1}</source>
        <translation>正在复制：{0} / {1}</translation>
    </message>
    <message>
        <source>checking…</source>
        <translation>正在校验…</translation>
    </message>
    <message>
        <source>being built: {0} %</source>
        <translation>正在建立：{0} %</translation>
    </message>
    <message numerus="yes">
        <source>%Ln language(s)</source>
        <translation>
            <numerusform>%Ln 种语言</numerusform>
        </translation>
    </message>
    <message>
        <source>{0}, Chinese among them</source>
        <translation>{0}，包括中文</translation>
    </message>
    <message>
        <source>fast on a processor</source>
        <translation>在处理器上快</translation>
    </message>
    <message>
        <source>moderately fast on a processor</source>
        <translation>在处理器上中速</translation>
    </message>
    <message>
        <source>slow on a processor</source>
        <translation>在处理器上慢</translation>
    </message>
    <message>
        <source>{0} of memory</source>
        <translation>占用内存 {0}</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Go on downloading…</source>
        <translation>继续下载…</translation>
    </message>
    <message>
        <source>Download…</source>
        <translation>下载…</translation>
    </message>
    <message>
        <source>Import…</source>
        <translation>导入…</translation>
    </message>
    <message>
        <source>Delete its files…</source>
        <translation>删除其文件…</translation>
    </message>
    <message>
        <source>{0} have arrived</source>
        <translation>已收到 {0}</translation>
    </message>
    <message>
        <source>ships with Propmaster</source>
        <translation>随 Propmaster 提供</translation>
    </message>
    <message>
        <source>on this computer</source>
        <translation>在本机</translation>
    </message>
    <message>
        <source>on the studio&apos;s share</source>
        <translation>在工作室共享文件夹</translation>
    </message>
    <message>
        <source>not on this computer</source>
        <translation>不在本机</translation>
    </message>
    <message>
        <source>a paid service, for the quality index only</source>
        <translation>付费服务，仅用于质量索引</translation>
    </message>
    <message numerus="yes">
        <source>%Ln picture(s) indexed</source>
        <translation>
            <numerusform>已索引 %Ln 张图片</numerusform>
        </translation>
    </message>
    <message>
        <source>answers searches</source>
        <translation>用于搜索</translation>
    </message>
    <message>
        <source>Delete its index…</source>
        <translation>删除其索引…</translation>
    </message>
</context>
<context>
    <name>ModelQuestions</name>
    <message>
        <source>Download {0}?</source>
        <translation>下载 {0}？</translation>
    </message>
    <message>
        <source>{0} from {1}</source>
        <translation>{0}，来自 {1}</translation>
    </message>
    <message>
        <source>Licence: {0}</source>
        <translation>许可：{0}</translation>
    </message>
    <message>
        <source>This licence does not allow commercial use: for trying out only.</source>
        <translation>此许可不允许商业使用，仅可试用。</translation>
    </message>
    <message>
        <source>Nothing of your library is sent. You can stop at any time and go on later.</source>
        <translation>不会发送素材库中的任何内容。可随时停止，以后再继续。</translation>
    </message>
    <message>
        <source>Download</source>
        <translation>下载</translation>
    </message>
    <message>
        <source>Import {0} from a disk or a share</source>
        <translation>从磁盘或共享文件夹导入 {0}</translation>
    </message>
    <message>
        <source>On a computer with a network, download these files into one folder and bring it here:

{0}

For all workstations at once, put them into a folder “{1}” on a share, and name the share below the models.</source>
        <translation>请在有网络的电脑上把下列文件下载到同一个文件夹，再带到这里：

{0}

若要供所有工作站使用，请把它们放进共享位置中名为“{1}”的文件夹，并在模型列表下方填写该共享位置。</translation>
    </message>
    <message>
        <source>Choose a folder…</source>
        <translation>选择文件夹…</translation>
    </message>
    <message>
        <source>Choose a file…</source>
        <translation>选择文件…</translation>
    </message>
    <message>
        <source>Delete the files of {0}?</source>
        <translation>删除 {0} 的文件？</translation>
    </message>
    <message>
        <source>To use this model again, they have to be downloaded or imported again. Its index stays.</source>
        <translation>若要再次使用此模型，需要重新下载或导入。其索引会保留。</translation>
    </message>
    <message>
        <source>Delete files</source>
        <translation>删除文件</translation>
    </message>
    <message>
        <source>Delete the index of {0}?</source>
        <translation>删除 {0} 的索引？</translation>
    </message>
    <message>
        <source>To search with this model again, all pictures have to be read again.</source>
        <translation>若要再次使用此模型搜索，需要重新读取全部图片。</translation>
    </message>
    <message>
        <source>Delete index</source>
        <translation>删除索引</translation>
    </message>
    <message>
        <source>Weights ({0})</source>
        <translation>权重文件（{0}）</translation>
    </message>
</context>
<context>
    <name>ModelTable</name>
    <message>
        <source>Models and prices</source>
        <translation>模型与价格</translation>
    </message>
    <message>
        <source>{0} ({1})</source>
        <translation>{0}（{1}）</translation>
    </message>
    <message>
        <source>Retired on {0}; {1} follows it.</source>
        <translation>已于 {0} 停用；由 {1} 接替。</translation>
    </message>
    <message>
        <source>Retired on {0}.</source>
        <translation>已于 {0} 停用。</translation>
    </message>
    <message>
        <source>Will be retired; {0} follows it.</source>
        <translation>即将停用；由 {0} 接替。</translation>
    </message>
    <message>
        <source>free</source>
        <translation>免费</translation>
    </message>
</context>
<context>
    <name>ModelsPage</name>
    <message>
        <source>Share with models</source>
        <translation>模型共享文件夹</translation>
    </message>
    <message>
        <source>a folder for all workstations</source>
        <translation>供所有工作站使用的文件夹</translation>
    </message>
    <message>
        <source>Download from</source>
        <translation>下载站点</translation>
    </message>
    <message>
        <source>Runs on</source>
        <translation>运行设备</translation>
    </message>
    <message>
        <source>Running on {0}</source>
        <translation>正在 {0} 上运行</translation>
    </message>
    <message>
        <source>Each model has an index of its own. The former one answers searches until the new one is built, and stays until you delete it: switching back costs nothing.</source>
        <translation>每个模型都有自己的索引。新索引建成之前仍用原来的索引搜索；原来的索引会保留到您删除为止，切换回来无需重新建立。</translation>
    </message>
</context>
<context>
    <name>Notifications</name>
    <message>
        <source>Something unexpected happened: {0}</source>
        <translation>发生了意外情况：{0}</translation>
    </message>
    <message>
        <source>You can go on working; the log has the details.</source>
        <translation>可以继续工作；详情见日志。</translation>
    </message>
</context>
<context>
    <name>OutgoingList</name>
    <message>
        <source>made of {0}</source>
        <translation>由 {0} 制成</translation>
    </message>
</context>
<context>
    <name>OutgoingView</name>
    <message>
        <source>Pictures that are sent</source>
        <translation>将要发送的图片</translation>
    </message>
</context>
<context>
    <name>OutputFoot</name>
    <message>
        <source>Review and send…</source>
        <translation>检查并发送…</translation>
    </message>
    <message>
        <source>{0} is not offered any more.</source>
        <translation>{0} 已停用。</translation>
    </message>
    <message>
        <source>at most {0} references a picture, here are {1}</source>
        <translation>每张最多 {0} 张参考图，现有 {1} 张</translation>
    </message>
    <message>
        <source>at most {0} persons a picture, here are {1}</source>
        <translation>每张最多 {0} 个人物，现有 {1} 个</translation>
    </message>
    <message>
        <source>at most {0} styles a picture, here are {1}</source>
        <translation>每张最多 {0} 种风格，现有 {1} 种</translation>
    </message>
    <message>
        <source>This model takes {0}. Choose fewer, use them in turn, or choose another model.</source>
        <translation>此模型{0}。请少选几张、改为逐一使用，或换一个模型。</translation>
    </message>
    <message>
        <source>Image model</source>
        <translation>图像模型</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>尺寸</translation>
    </message>
    <message>
        <source>Aspect ratio</source>
        <translation>宽高比</translation>
    </message>
    <message>
        <source>Pictures of each combination</source>
        <translation>每种组合的张数</translation>
    </message>
    <message>
        <source>Folder for new pictures</source>
        <translation>新图片的文件夹</translation>
    </message>
    <message>
        <source>into</source>
        <translation>存到</translation>
    </message>
    <message>
        <source>the usual folder</source>
        <translation>默认文件夹</translation>
    </message>
    <message>
        <source>{0} — retired, use {1}</source>
        <translation>{0}（已停用，请用 {1}）</translation>
    </message>
    <message>
        <source>{0} — needs a key</source>
        <translation>{0}（需要密钥）</translation>
    </message>
    <message numerus="yes">
        <source>%Ln picture(s)</source>
        <translation>
            <numerusform>%Ln 张图片</numerusform>
        </translation>
    </message>
    <message>
        <source>prices of {0}</source>
        <translation>{0} 的价格</translation>
    </message>
    <message>
        <source>{0} left today</source>
        <translation>今日剩余 {0}</translation>
    </message>
    <message>
        <source>free</source>
        <translation>免费</translation>
    </message>
    <message>
        <source>nothing leaves this computer</source>
        <translation>不离开本机</translation>
    </message>
    <message>
        <source>{0} needs a key before anything can be sent.</source>
        <translation>{0} 需要密钥才能发送。</translation>
    </message>
    <message>
        <source>Enter it…</source>
        <translation>输入密钥…</translation>
    </message>
    <message>
        <source>This costs more than the {0} that are left of today&apos;s budget.</source>
        <translation>费用超过今日预算剩余的 {0}。</translation>
    </message>
    <message>
        <source>This costs more than the {0} that a batch may cost.</source>
        <translation>费用超过每批次上限 {0}。</translation>
    </message>
    <message>
        <source>{0} will be retired.</source>
        <translation>{0} 即将停用。</translation>
    </message>
    <message>
        <source>Use {0}</source>
        <translation>改用 {0}</translation>
    </message>
</context>
<context>
    <name>PictureActions</name>
    <message>
        <source>Open with</source>
        <translation>打开方式</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
    <message numerus="yes">
        <source>%Ln picture(s) will never be sent anywhere.</source>
        <translation>
            <numerusform>%Ln 张图片将永不外发。</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>PictureChip</name>
    <message>
        <source>Picture {0}</source>
        <translation>图片 {0}</translation>
    </message>
    <message>
        <source>How much the picture counts</source>
        <translation>图片的权重</translation>
    </message>
    <message>
        <source>not like this</source>
        <translation>不像这个</translation>
    </message>
    <message>
        <source>much like this</source>
        <translation>很像这个</translation>
    </message>
</context>
<context>
    <name>PlanView</name>
    <message numerus="yes">
        <source>%Ln picture(s) seen,</source>
        <translation>
            <numerusform>已看 %Ln 张图片，</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln waiting.</source>
        <translation>
            <numerusform>%Ln 张等待。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln stay(s) here, marked “never send”.</source>
        <translation>
            <numerusform>%Ln 张标为“永不发送”，留在本机。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>This buys %Ln of them: {0} at most, {1} each, to {2} (prices of {3}).</source>
        <translation>
            <numerusform>这个费用可看其中 %Ln 张：最多 {0}，每张 {1}，发送给 {2}（{3} 的价格）。</numerusform>
        </translation>
    </message>
    <message>
        <source>That takes less than a minute on this machine.</source>
        <translation>在这台机器上不到一分钟。</translation>
    </message>
    <message numerus="yes">
        <source>That takes about %Ln minute(s) on this machine.</source>
        <translation>
            <numerusform>在这台机器上大约 %Ln 分钟。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>That takes about %Ln hour(s) on this machine.</source>
        <translation>
            <numerusform>在这台机器上大约 %Ln 小时。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>and %Ln more folder(s)</source>
        <translation>
            <numerusform>还有 %Ln 个文件夹</numerusform>
        </translation>
    </message>
    <message>
        <source>to begin with</source>
        <translation>优先</translation>
    </message>
    <message>
        <source>in use</source>
        <translation>用过</translation>
    </message>
    <message>
        <source>newest</source>
        <translation>最新</translation>
    </message>
</context>
<context>
    <name>Preview</name>
    <message>
        <source>Find similar to this part</source>
        <translation>查找与此部分相似的图片</translation>
    </message>
    <message>
        <source>Preview</source>
        <translation>预览</translation>
    </message>
    <message>
        <source>Previous</source>
        <translation>上一张</translation>
    </message>
    <message>
        <source>Next</source>
        <translation>下一张</translation>
    </message>
    <message>
        <source>Find similar</source>
        <translation>查找相似</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Draw a rectangle to search by a part · Z: pixels</source>
        <translation>画一个矩形以按局部搜索 · Z：原始像素</translation>
    </message>
    <message>
        <source>{0}  (shown by its thumbnail)</source>
        <translation>{0}（显示缩略图）</translation>
    </message>
</context>
<context>
    <name>PricePanel</name>
    <message>
        <source>The most that this batch may cost, in US dollars</source>
        <translation>此批次的费用上限（美元）</translation>
    </message>
    <message>
        <source>Free.</source>
        <translation>免费。</translation>
    </message>
    <message>
        <source>{0} of {1}</source>
        <translation>{0}（共 {1}）</translation>
    </message>
    <message>
        <source>{0} each at most</source>
        <translation>每张最多 {0}</translation>
    </message>
    <message>
        <source>In all, at most</source>
        <translation>合计最多</translation>
    </message>
    <message>
        <source>Left today</source>
        <translation>今日剩余</translation>
    </message>
    <message>
        <source>This batch may cost</source>
        <translation>此批次上限</translation>
    </message>
    <message>
        <source>Prices of {0} ({1}).</source>
        <translation>价格日期：{0}（{1}）。</translation>
    </message>
    <message>
        <source>{0} of {1} ({2}).</source>
        <translation>{0}，{1}（{2}）。</translation>
    </message>
</context>
<context>
    <name>PromptPreview</name>
    <message>
        <source>What the first picture is asked for</source>
        <translation>第一张图片的提示词</translation>
    </message>
</context>
<context>
    <name>QualityPage</name>
    <message>
        <source>Quality model</source>
        <translation>质量模型</translation>
    </message>
    <message>
        <source>Folders to begin with</source>
        <translation>优先的文件夹</translation>
    </message>
    <message>
        <source>Add folder…</source>
        <translation>添加文件夹…</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>A better model may see some of your pictures and have a say in every search. Pictures that it has not seen are found by the other model as before.</source>
        <translation>可以让一个更好的模型看您的一部分图片，并参与每次搜索。它没看过的图片仍由另一个模型照常找到。</translation>
    </message>
    <message>
        <source>Its key</source>
        <translation>密钥</translation>
    </message>
    <message>
        <source>Begin with</source>
        <translation>优先处理</translation>
    </message>
    <message>
        <source>It may cost</source>
        <translation>费用上限</translation>
    </message>
    <message>
        <source>Then come pictures in use (stars, tags, notes, references, picked results), then the newest.</source>
        <translation>随后是用过的图片（星级、标签、备注、参考图、选中的结果），最后是最新的图片。</translation>
    </message>
    <message>
        <source>None</source>
        <translation>无</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>暂停</translation>
    </message>
    <message>
        <source>Send and pay…</source>
        <translation>发送并付费…</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>It has seen everything that it may see.</source>
        <translation>允许它看的图片都已看过。</translation>
    </message>
    <message>
        <source>It is being shown pictures.</source>
        <translation>正在给它看图片。</translation>
    </message>
    <message>
        <source>Paused</source>
        <translation>已暂停</translation>
    </message>
    <message>
        <source>It stopped by itself.</source>
        <translation>它自己停下了。</translation>
    </message>
    <message>
        <source>Begin with this folder</source>
        <translation>优先处理这个文件夹</translation>
    </message>
    <message>
        <source>Send pictures to {0}</source>
        <translation>把图片发送给 {0}</translation>
    </message>
    <message numerus="yes">
        <source>Send %Ln picture(s) to {0}, for {1} at most?</source>
        <translation>
            <numerusform>把 %Ln 张图片发送给 {0}，最多花费 {1}？</numerusform>
        </translation>
    </message>
    <message>
        <source>Each is made smaller and costs at most {0} (prices of {1}). Today {2} may be spent. The run never spends more than {3}. From now on the words of your searches are sent there as well, each once. Names, places and camera data are not sent; pictures marked “never send” stay here.</source>
        <translation>每张图片先缩小，最多花费 {0}（{1} 的价格）。今天还可花费 {2}。这次最多花费 {3}。从现在起，您搜索的词语也会发送过去，每个只发一次。文件名、地点和相机数据不会发送；标为“永不发送”的图片留在本机。</translation>
    </message>
    <message>
        <source>Send and pay</source>
        <translation>发送并付费</translation>
    </message>
</context>
<context>
    <name>RatingStars</name>
    <message numerus="yes">
        <source>Rating: %Ln star(s)</source>
        <translation>
            <numerusform>评分：%Ln 星</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Reasons</name>
    <message>
        <source>Change the wording or the references, then ask again.</source>
        <translation>请更改措辞或参考图，然后再次请求。</translation>
    </message>
    <message>
        <source>The service cannot be reached.</source>
        <translation>无法连接该服务。</translation>
    </message>
    <message>
        <source>Check the internet connection and the proxy.</source>
        <translation>请检查网络连接和代理。</translation>
    </message>
    <message>
        <source>No answer came in time. The picture may have been made and billed all the same.</source>
        <translation>未能及时收到回答。图片可能已经生成并计费。</translation>
    </message>
    <message>
        <source>Ask for it again, or allow more time in the settings.</source>
        <translation>请再次请求，或在设置中放宽时间。</translation>
    </message>
    <message>
        <source>Ask for it again; if it happens often, look at the network and the proxy.</source>
        <translation>请再次请求；如经常发生，请检查网络和代理。</translation>
    </message>
    <message>
        <source>Something else came instead of a picture. The picture may have been made and billed all the same.</source>
        <translation>收到的不是图片。图片可能已经生成并计费。</translation>
    </message>
    <message>
        <source>Ask for it again; a proxy or a sign-in page of the network can be the reason.</source>
        <translation>请再次请求；原因可能是代理或网络的登录页面。</translation>
    </message>
    <message>
        <source>The answer holds neither a picture nor a word.</source>
        <translation>回答中既没有图片，也没有文字。</translation>
    </message>
    <message>
        <source>Ask for it again.</source>
        <translation>请再次请求。</translation>
    </message>
    <message>
        <source>The service takes no more requests this minute.</source>
        <translation>该服务在这一分钟内不再接受请求。</translation>
    </message>
    <message>
        <source>It is tried again by itself; a lower limit per minute avoids this.</source>
        <translation>会自动重试；降低每分钟上限可避免此情况。</translation>
    </message>
    <message>
        <source>Your account&apos;s allowance is used up, or its plan has none for this model.</source>
        <translation>您账户的额度已用完，或其套餐不含此模型。</translation>
    </message>
    <message>
        <source>Wait until tomorrow, look at billing in the service&apos;s console, or choose another model.</source>
        <translation>请等到明天、在服务的控制台查看账单，或选择其他模型。</translation>
    </message>
    <message>
        <source>There is no key for the service.</source>
        <translation>没有该服务的密钥。</translation>
    </message>
    <message>
        <source>Enter one in the settings.</source>
        <translation>请在设置中输入密钥。</translation>
    </message>
    <message>
        <source>The service does not accept the key.</source>
        <translation>该服务不接受此密钥。</translation>
    </message>
    <message>
        <source>Copy the key again from the service&apos;s console; it may be mistyped, expired or deleted.</source>
        <translation>请从服务的控制台重新复制密钥；它可能输错、过期或已删除。</translation>
    </message>
    <message>
        <source>The service refuses access.</source>
        <translation>该服务拒绝访问。</translation>
    </message>
    <message>
        <source>The connection was cut before the answer was complete. It may be billed all the same.</source>
        <translation>回答尚未收完，连接就断开了。图片可能已经生成并计费。</translation>
    </message>
    <message>
        <source>Check in its console that account and model are enabled; a program of your own must need no password.</source>
        <translation>请在其控制台确认账户、项目和模型均已启用；自有程序不得要求密码。</translation>
    </message>
    <message>
        <source>The service does not offer this model any more, or not to this key.</source>
        <translation>该服务不再提供此模型，或不向此密钥提供。</translation>
    </message>
    <message>
        <source>Choose another model.</source>
        <translation>请选择其他模型。</translation>
    </message>
    <message>
        <source>The service is not offered in the place that the request comes from.</source>
        <translation>该服务不在请求发出的地区提供。</translation>
    </message>
    <message>
        <source>Set a proxy in a country where it is, or choose another generator.</source>
        <translation>请设置位于提供地区的代理，或选择其他生成器。</translation>
    </message>
    <message>
        <source>The references are too large for one request.</source>
        <translation>参考图对单个请求来说太大。</translation>
    </message>
    <message>
        <source>Send fewer, or make them smaller.</source>
        <translation>请减少参考图，或将其缩小。</translation>
    </message>
    <message>
        <source>The service does not accept the request.</source>
        <translation>该服务不接受此请求。</translation>
    </message>
    <message>
        <source>Change model, size, ratio or references; if it stays so, please report it.</source>
        <translation>请更换模型、尺寸、比例或参考图；如仍如此，请报告。</translation>
    </message>
    <message>
        <source>The service sends the request on to another address, where your key does not follow.</source>
        <translation>该服务将请求转向另一地址，您的密钥不会随之发送。</translation>
    </message>
    <message>
        <source>Check the address in the settings, and whether the network wants you to sign in.</source>
        <translation>请检查设置中的地址，以及网络是否要求登录。</translation>
    </message>
    <message>
        <source>The service has a fault of its own.</source>
        <translation>该服务自身出现故障。</translation>
    </message>
    <message>
        <source>It is tried again by itself; if it stays so, look at the service&apos;s status page.</source>
        <translation>会自动重试；如仍如此，请查看服务的状态页面。</translation>
    </message>
    <message>
        <source>The address of the proxy cannot be used.</source>
        <translation>代理地址无法使用。</translation>
    </message>
    <message>
        <source>Write it as http://host:port, in the settings or in HTTPS_PROXY.</source>
        <translation>请在设置或 HTTPS_PROXY 中写成 http://主机:端口。</translation>
    </message>
    <message>
        <source>The address of the service cannot be used.</source>
        <translation>服务地址无法使用。</translation>
    </message>
    <message>
        <source>Write it as https://host, in the settings.</source>
        <translation>请在设置中写成 https://主机。</translation>
    </message>
    <message>
        <source>A blank picture came: one flat colour.</source>
        <translation>收到的是空白图片：只有一种颜色。</translation>
    </message>
    <message>
        <source>Services send such pictures in place of a refusal; change the wording or the references.</source>
        <translation>服务常以此代替拒绝；请更改措辞或参考图。</translation>
    </message>
    <message>
        <source>A damaged picture came.</source>
        <translation>收到的图片已损坏。</translation>
    </message>
    <message>
        <source>The model answered in words instead of a picture.</source>
        <translation>模型以文字作答，没有给出图片。</translation>
    </message>
    <message>
        <source>There are no usable Google Cloud credentials for Vertex.</source>
        <translation>没有可用于 Vertex 的 Google Cloud 凭据。</translation>
    </message>
    <message>
        <source>Sign in with “gcloud auth application-default login”, or use a key instead.</source>
        <translation>请用“gcloud auth application-default login”登录，或改用密钥。</translation>
    </message>
    <message>
        <source>The service refuses prompt or references.</source>
        <translation>该服务拒绝提示词或参考图。</translation>
    </message>
    <message>
        <source>The service refuses this picture or text.</source>
        <translation>该服务拒绝此图片或文字。</translation>
    </message>
    <message>
        <source>The safety check objects.</source>
        <translation>安全检查未通过。</translation>
    </message>
    <message>
        <source>The safety check of pictures objects.</source>
        <translation>图片安全检查未通过。</translation>
    </message>
    <message>
        <source>It may show what the terms of service forbid.</source>
        <translation>可能涉及服务条款禁止的内容。</translation>
    </message>
    <message>
        <source>The picture may show what the terms of service forbid.</source>
        <translation>图片可能涉及服务条款禁止的内容。</translation>
    </message>
    <message>
        <source>It would repeat a protected work too closely.</source>
        <translation>与受保护的作品过于相似。</translation>
    </message>
    <message>
        <source>The picture would repeat a protected work too closely.</source>
        <translation>图片与受保护的作品过于相似。</translation>
    </message>
    <message>
        <source>A word of the prompt is on the service&apos;s blocklist.</source>
        <translation>提示词中有词语在服务的屏蔽列表上。</translation>
    </message>
    <message>
        <source>It may hold personal data.</source>
        <translation>可能含有个人数据。</translation>
    </message>
    <message>
        <source>The service does not work in this language.</source>
        <translation>该服务不支持此语言。</translation>
    </message>
    <message>
        <source>A rule of the service filters it.</source>
        <translation>被服务的规则过滤。</translation>
    </message>
    <message>
        <source>It looks like an attempt to get around the rules.</source>
        <translation>看起来像是试图绕过规则。</translation>
    </message>
    <message>
        <source>A filter of your organisation objects.</source>
        <translation>被您所在组织的过滤器拒绝。</translation>
    </message>
    <message>
        <source>The service gives no picture and does not say why.</source>
        <translation>该服务没有给出图片，也未说明原因。</translation>
    </message>
    <message>
        <source>The model gave up on the picture without a reason.</source>
        <translation>模型放弃了这张图片，未说明原因。</translation>
    </message>
    <message>
        <source>The model garbled its own answer.</source>
        <translation>模型的回答已损坏。</translation>
    </message>
    <message>
        <source>The model stopped at the limit of tokens before the picture was complete.</source>
        <translation>图片完成之前，模型已达到令牌上限。</translation>
    </message>
    <message>
        <source>The moderation of the service objects.</source>
        <translation>服务的内容审核未通过。</translation>
    </message>
    <message>
        <source>These are more references than one request may hold.</source>
        <translation>参考图多于单个请求的上限。</translation>
    </message>
    <message>
        <source>Send fewer.</source>
        <translation>请减少参考图。</translation>
    </message>
    <message>
        <source>The package for this generator is not installed.</source>
        <translation>未安装此生成器所需的软件包。</translation>
    </message>
    <message>
        <source>Install it: pip install &apos;propmaster[openai]&apos;</source>
        <translation>请安装：pip install &apos;propmaster[openai]&apos;</translation>
    </message>
    <message>
        <source>DashScope&apos;s package is not installed.</source>
        <translation>未安装 DashScope 的软件包。</translation>
    </message>
    <message>
        <source>Install it: pip install &apos;propmaster[dashscope]&apos;</source>
        <translation>安装：pip install &apos;propmaster[dashscope]&apos;</translation>
    </message>
    <message>
        <source>There is not enough memory for this picture.</source>
        <translation>内存不足以生成此图片。</translation>
    </message>
    <message>
        <source>Choose a smaller size, or end other programs that use the graphics card.</source>
        <translation>请选择较小的尺寸，或关闭其他占用显卡的程序。</translation>
    </message>
    <message>
        <source>What answers at this address does not offer the interface that is needed.</source>
        <translation>该地址上的程序不提供所需的接口。</translation>
    </message>
    <message>
        <source>Check the address, and that the program was started with its interface (--api).</source>
        <translation>请检查地址，并确认程序启动时启用了接口（--api）。</translation>
    </message>
    <message>
        <source>ComfyUI needs a workflow to run.</source>
        <translation>ComfyUI 需要一个工作流。</translation>
    </message>
    <message>
        <source>Export one with “Export (API)” and choose its file in the settings.</source>
        <translation>请用“Export (API)”导出工作流，并在设置中选择该文件。</translation>
    </message>
    <message>
        <source>The workflow cannot be used.</source>
        <translation>该工作流无法使用。</translation>
    </message>
    <message>
        <source>Choose the file that ComfyUI exported with “Export (API)”, its nodes titled as the guide says.</source>
        <translation>请选择由 ComfyUI 用“Export (API)”导出的文件，节点标题须如指南所述。</translation>
    </message>
    <message>
        <source>The workflow shows a picture for which the composition has none.</source>
        <translation>工作流需要的某张图片在构图中没有。</translation>
    </message>
    <message>
        <source>Add such a reference, or choose another workflow.</source>
        <translation>请添加相应的参考图，或选择其他工作流。</translation>
    </message>
    <message>
        <source>The workflow failed in ComfyUI.</source>
        <translation>工作流在 ComfyUI 中运行失败。</translation>
    </message>
    <message>
        <source>Run it once in ComfyUI itself and mend it there.</source>
        <translation>请先在 ComfyUI 中运行一次并修正。</translation>
    </message>
    <message>
        <source>The workflow ended without a picture.</source>
        <translation>工作流结束时没有给出图片。</translation>
    </message>
    <message>
        <source>It needs a node that saves or previews one.</source>
        <translation>它需要一个保存或预览图片的节点。</translation>
    </message>
    <message>
        <source>A reference cannot be read.</source>
        <translation>有一张参考图无法读取。</translation>
    </message>
    <message>
        <source>Choose another picture.</source>
        <translation>请选择其他图片。</translation>
    </message>
    <message>
        <source>There is no such generator.</source>
        <translation>没有这个生成器。</translation>
    </message>
    <message>
        <source>Choose a model of another one.</source>
        <translation>请选择其他生成器的模型。</translation>
    </message>
    <message>
        <source>Propmaster ended while the picture was made. It may have been billed.</source>
        <translation>图片生成期间 Propmaster 已退出。可能已经计费。</translation>
    </message>
    <message>
        <source>Resume the batch, or ask for the picture again.</source>
        <translation>请继续此批次，或再次请求该图片。</translation>
    </message>
    <message>
        <source>It was stopped on its way. The picture may have been made and billed all the same.</source>
        <translation>在途中被停止。图片可能已经生成并计费。</translation>
    </message>
    <message>
        <source>It was cancelled before it was sent.</source>
        <translation>发送之前已取消。</translation>
    </message>
    <message>
        <source>Ask for it again if you still want it.</source>
        <translation>如仍需要，请再次请求。</translation>
    </message>
    <message>
        <source>Paused.</source>
        <translation>已暂停。</translation>
    </message>
    <message>
        <source>Resume the batch to go on.</source>
        <translation>继续此批次即可恢复。</translation>
    </message>
    <message>
        <source>Something went wrong inside Propmaster.</source>
        <translation>Propmaster 内部出错。</translation>
    </message>
    <message>
        <source>Please report it.</source>
        <translation>请报告此问题。</translation>
    </message>
    <message>
        <source>It says: {0}</source>
        <translation>它说：{0}</translation>
    </message>
</context>
<context>
    <name>RedoSheet</name>
    <message>
        <source>Say in addition:</source>
        <translation>在提示词之外补充：</translation>
    </message>
    <message>
        <source>Say in place of the whole prompt:</source>
        <translation>替换整个提示词：</translation>
    </message>
    <message>
        <source>Do not ask again for this batch</source>
        <translation>本批次不再询问</translation>
    </message>
    <message numerus="yes">
        <source>Send %Ln picture(s) again</source>
        <translation>
            <numerusform>再次发送 %Ln 张</numerusform>
        </translation>
    </message>
    <message>
        <source>Ask once more</source>
        <translation>再次请求</translation>
    </message>
    <message>
        <source>Words for the generator</source>
        <translation>给生成器的文字</translation>
    </message>
    <message>
        <source>For example: fully dressed, neutral pose, plain background</source>
        <translation>例如：穿着完整、姿势自然、纯色背景</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Each, at most</source>
        <translation>每张最多</translation>
    </message>
    <message>
        <source>In all, at most</source>
        <translation>合计最多</translation>
    </message>
    <message>
        <source>Left of the batch&apos;s budget</source>
        <translation>本批次预算剩余</translation>
    </message>
    <message>
        <source>Left today</source>
        <translation>今日剩余</translation>
    </message>
    <message numerus="yes">
        <source>Ask once more for %Ln picture(s)?</source>
        <translation>
            <numerusform>再次请求 %Ln 张图片？</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln of them may have been made and billed already: the answer was lost on its way. Asking again may cost twice.</source>
        <translation>
            <numerusform>其中 %Ln 张可能已经生成并计费：回复在途中丢失。再次请求可能重复计费。</numerusform>
        </translation>
    </message>
    <message>
        <source>The same pictures are used; nothing leaves this machine.</source>
        <translation>使用同样的参考图；不会有任何内容离开本机。</translation>
    </message>
    <message>
        <source>The same pictures are sent to {0} again, and no others.</source>
        <translation>只会把同样的参考图再次发送给 {0}。</translation>
    </message>
</context>
<context>
    <name>ReferenceColumn</name>
    <message>
        <source>Made from</source>
        <translation>来源</translation>
    </message>
</context>
<context>
    <name>RoleWell</name>
    <message>
        <source>Tray: {0}</source>
        <translation>托盘：{0}</translation>
    </message>
    <message>
        <source>Empty “{0}”</source>
        <translation>清空“{0}”</translation>
    </message>
    <message>
        <source>Drop pictures here</source>
        <translation>将图片拖到这里</translation>
    </message>
    <message>
        <source>Move to</source>
        <translation>移到</translation>
    </message>
    <message>
        <source>Take out</source>
        <translation>取出</translation>
    </message>
    <message numerus="yes">
        <source>{0}: %Ln picture(s)</source>
        <translation>
            <numerusform>{0}：%Ln 张图片</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Roles</name>
    <message>
        <source>Person</source>
        <translation>人物</translation>
    </message>
    <message>
        <source>Garment</source>
        <translation>服装</translation>
    </message>
    <message>
        <source>Accessory</source>
        <translation>配饰</translation>
    </message>
    <message>
        <source>Prop</source>
        <translation>道具</translation>
    </message>
    <message>
        <source>Scene</source>
        <translation>场景</translation>
    </message>
    <message>
        <source>Style</source>
        <translation>风格</translation>
    </message>
</context>
<context>
    <name>SearchBar</name>
    <message>
        <source>Clear the search</source>
        <translation>清除搜索</translation>
    </message>
    <message>
        <source>Filters</source>
        <translation>筛选</translation>
    </message>
    <message>
        <source>Search by what pictures show</source>
        <translation>按画面内容搜索</translation>
    </message>
</context>
<context>
    <name>SearchField</name>
    <message>
        <source>Search</source>
        <translation>搜索</translation>
    </message>
</context>
<context>
    <name>Selecting</name>
    <message numerus="yes">
        <source>%Ln picture(s)</source>
        <translation>
            <numerusform>%Ln 张图片</numerusform>
        </translation>
    </message>
    <message>
        <source>Searching…</source>
        <translation>正在搜索…</translation>
    </message>
    <message>
        <source>{0} · {1} selected</source>
        <translation>{0} · 已选 {1} 张</translation>
    </message>
</context>
<context>
    <name>ServiceKey</name>
    <message>
        <source>Test connection</source>
        <translation>测试连接</translation>
    </message>
    <message>
        <source>Asking…</source>
        <translation>正在询问…</translation>
    </message>
    <message>
        <source>The connection works.</source>
        <translation>连接正常。</translation>
    </message>
</context>
<context>
    <name>SettingsDialog</name>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>Pages</source>
        <translation>页面</translation>
    </message>
    <message>
        <source>Appearance</source>
        <translation>外观</translation>
    </message>
    <message>
        <source>Folders</source>
        <translation>文件夹</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>搜索</translation>
    </message>
    <message>
        <source>Quality</source>
        <translation>质量</translation>
    </message>
    <message>
        <source>Generators</source>
        <translation>生成器</translation>
    </message>
    <message>
        <source>Spending</source>
        <translation>费用</translation>
    </message>
    <message>
        <source>Storage</source>
        <translation>存储</translation>
    </message>
    <message>
        <source>About</source>
        <translation>关于</translation>
    </message>
</context>
<context>
    <name>ShortcutSheet</name>
    <message>
        <source>Keyboard shortcuts</source>
        <translation>键盘快捷键</translation>
    </message>
</context>
<context>
    <name>SidebarTree</name>
    <message>
        <source>All pictures</source>
        <translation>全部图片</translation>
    </message>
    <message>
        <source>Tray</source>
        <translation>托盘</translation>
    </message>
    <message>
        <source>Compose</source>
        <translation>合成</translation>
    </message>
    <message>
        <source>Batches</source>
        <translation>批次</translation>
    </message>
    <message>
        <source>Folders</source>
        <translation>文件夹</translation>
    </message>
    <message>
        <source>Saved searches</source>
        <translation>已保存的搜索</translation>
    </message>
    <message>
        <source>Tags</source>
        <translation>标签</translation>
    </message>
</context>
<context>
    <name>SlotCard</name>
    <message>
        <source>Role</source>
        <translation>角色</translation>
    </message>
    <message>
        <source>Show more candidates</source>
        <translation>显示更多候选</translation>
    </message>
    <message>
        <source>Look in the library for these words</source>
        <translation>在库中查找这些文字</translation>
    </message>
    <message>
        <source>Take a picture from the tray</source>
        <translation>从托盘取图片</translation>
    </message>
    <message>
        <source>Remove this part</source>
        <translation>移除此部分</translation>
    </message>
    <message>
        <source>The tray is empty: lay pictures there with Ctrl+B</source>
        <translation>托盘为空：用 Ctrl+B 放入图片</translation>
    </message>
    <message>
        <source>Words of this part</source>
        <translation>此部分的文字</translation>
    </message>
    <message>
        <source>each in turn</source>
        <translation>逐一使用</translation>
    </message>
    <message>
        <source>all together</source>
        <translation>一起使用</translation>
    </message>
    <message>
        <source>How several pictures are used</source>
        <translation>多张图片如何使用</translation>
    </message>
    <message>
        <source>Candidates</source>
        <translation>候选图片</translation>
    </message>
    <message>
        <source>searching…</source>
        <translation>查找中…</translation>
    </message>
    <message>
        <source>in words</source>
        <translation>仅文字</translation>
    </message>
    <message numerus="yes">
        <source>%Ln chosen</source>
        <translation>
            <numerusform>已选 %Ln 张</numerusform>
        </translation>
    </message>
    <message>
        <source>Looking in the library…</source>
        <translation>正在库中查找…</translation>
    </message>
    <message>
        <source>The library has nothing for these words. Change them, or drop a picture here.</source>
        <translation>库中没有与这些文字相符的图片。请修改文字，或将图片拖到这里。</translation>
    </message>
    <message>
        <source>Drop pictures here, take some from the tray, or write words and press Return.</source>
        <translation>将图片拖到这里，从托盘取用，或输入文字后按回车键。</translation>
    </message>
    <message>
        <source>Scenes in words, one a line: on a beach at dusk</source>
        <translation>用文字描述场景，每行一个：黄昏的海滩</translation>
    </message>
    <message>
        <source>What it is, in words</source>
        <translation>用文字说明</translation>
    </message>
</context>
<context>
    <name>SpendingPage</name>
    <message>
        <source>The most that a day may cost, in US dollars</source>
        <translation>每日费用上限（美元）</translation>
    </message>
    <message>
        <source>The most that a batch may cost, in US dollars</source>
        <translation>每批次费用上限（美元）</translation>
    </message>
    <message>
        <source>Currency</source>
        <translation>货币</translation>
    </message>
    <message>
        <source>Export as CSV…</source>
        <translation>导出为 CSV…</translation>
    </message>
    <message>
        <source>What each day cost</source>
        <translation>每日费用</translation>
    </message>
    <message>
        <source>A day may cost</source>
        <translation>每日上限</translation>
    </message>
    <message>
        <source>A batch may cost</source>
        <translation>每批次上限</translation>
    </message>
    <message>
        <source>Today</source>
        <translation>今日</translation>
    </message>
    <message>
        <source>Beside US dollars</source>
        <translation>美元之外</translation>
    </message>
    <message>
        <source>No request leaves that could pass a cap: what it may cost at most is set aside first, then replaced by what the answer says it used.</source>
        <translation>任何可能超过上限的请求都不会发出：先预留最高费用，再以回答中报告的实际用量替换。</translation>
    </message>
    <message>
        <source>Export the ledger</source>
        <translation>导出账目</translation>
    </message>
    <message>
        <source>{0} spent, {1} left</source>
        <translation>已用 {0}，剩余 {1}</translation>
    </message>
    <message>
        <source>In all {0}</source>
        <translation>合计 {0}</translation>
    </message>
    <message>
        <source>none</source>
        <translation>无</translation>
    </message>
    <message>
        <source>Written to {0}</source>
        <translation>已写入 {0}</translation>
    </message>
</context>
<context>
    <name>StatusBar</name>
    <message>
        <source>Pause indexing</source>
        <translation>暂停索引</translation>
    </message>
    <message>
        <source>Start again now</source>
        <translation>立即重新启动</translation>
    </message>
    <message>
        <source>Resume indexing</source>
        <translation>继续索引</translation>
    </message>
    <message>
        <source>Looking for new pictures…</source>
        <translation>正在查找新图片…</translation>
    </message>
    <message numerus="yes">
        <source>%Ln file(s) without a picture</source>
        <translation>
            <numerusform>%Ln 个文件无法读取</numerusform>
        </translation>
    </message>
    <message>
        <source>Search is starting…</source>
        <translation>搜索正在启动…</translation>
    </message>
    <message>
        <source>The search engine stopped; it starts again in a moment.</source>
        <translation>搜索引擎已停止，稍后会自动重新启动。</translation>
    </message>
    <message>
        <source>Indexing</source>
        <translation>索引</translation>
    </message>
    <message>
        <source>Size of pictures</source>
        <translation>图片大小</translation>
    </message>
    <message>
        <source>Paused</source>
        <translation>已暂停</translation>
    </message>
    <message>
        <source>{0} of {1}</source>
        <translation>{0} / {1}</translation>
    </message>
    <message>
        <source>{0} · paused</source>
        <translation>{0} · 已暂停</translation>
    </message>
    <message>
        <source>{0}/s</source>
        <translation>{0} 张/秒</translation>
    </message>
    <message>
        <source>less than a minute left</source>
        <translation>剩余不到一分钟</translation>
    </message>
    <message numerus="yes">
        <source>%Ln minute(s) left</source>
        <translation>
            <numerusform>剩余 %Ln 分钟</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln hour(s) left</source>
        <translation>
            <numerusform>剩余 %Ln 小时</numerusform>
        </translation>
    </message>
    <message>
        <source>Building the index of {0}: {1} %</source>
        <translation>正在为 {0} 建立索引：{1} %</translation>
    </message>
</context>
<context>
    <name>Swatches</name>
    <message>
        <source>Colours of the picture; press one to search by it</source>
        <translation>图片的颜色；点击一种颜色进行搜索</translation>
    </message>
    <message>
        <source>Find pictures with this colour</source>
        <translation>查找含此颜色的图片</translation>
    </message>
</context>
<context>
    <name>TagEditor</name>
    <message>
        <source>Add a tag</source>
        <translation>添加标签</translation>
    </message>
</context>
<context>
    <name>Toast</name>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
</context>
<context>
    <name>TopBar</name>
    <message>
        <source>Order</source>
        <translation>排序</translation>
    </message>
    <message>
        <source>Reverse</source>
        <translation>倒序</translation>
    </message>
    <message>
        <source>By relevance</source>
        <translation>按相关度</translation>
    </message>
    <message>
        <source>By name</source>
        <translation>按名称</translation>
    </message>
    <message>
        <source>By date</source>
        <translation>按日期</translation>
    </message>
    <message>
        <source>By size</source>
        <translation>按大小</translation>
    </message>
    <message>
        <source>By colour</source>
        <translation>按颜色</translation>
    </message>
</context>
<context>
    <name>TrayActions</name>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
    <message numerus="yes">
        <source>%Ln picture(s) taken out of the tray.</source>
        <translation>
            <numerusform>已从托盘取出 %Ln 张图片。</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Troubles</name>
    <message>
        <source>The folder is not there.</source>
        <translation>找不到该文件夹。</translation>
    </message>
    <message>
        <source>Check the spelling, and that the drive is connected.</source>
        <translation>请检查拼写，并确认驱动器已连接。</translation>
    </message>
    <message>
        <source>The folder is part of one that is watched already.</source>
        <translation>该文件夹属于一个已在监视的文件夹。</translation>
    </message>
    <message>
        <source>The folder is not in the library.</source>
        <translation>该文件夹不在素材库中。</translation>
    </message>
    <message>
        <source>Add it first.</source>
        <translation>请先添加它。</translation>
    </message>
    <message>
        <source>The system refuses access to a file or folder.</source>
        <translation>系统拒绝访问某个文件或文件夹。</translation>
    </message>
    <message>
        <source>Check its permissions, then press F5.</source>
        <translation>请检查其权限，然后按 F5。</translation>
    </message>
    <message>
        <source>The data directory cannot be written.</source>
        <translation>数据目录无法写入。</translation>
    </message>
    <message>
        <source>Check its permissions, or choose another one in the settings.</source>
        <translation>请检查其权限，或在设置中另选一个。</translation>
    </message>
    <message>
        <source>The disk with Propmaster&apos;s data is full.</source>
        <translation>存放 Propmaster 数据的磁盘已满。</translation>
    </message>
    <message>
        <source>Free some space; indexing goes on by itself.</source>
        <translation>请释放一些空间；索引会自动继续。</translation>
    </message>
    <message>
        <source>Another Propmaster uses this library.</source>
        <translation>另一个 Propmaster 正在使用此素材库。</translation>
    </message>
    <message>
        <source>Close it, then try again.</source>
        <translation>请关闭它，然后重试。</translation>
    </message>
    <message>
        <source>The catalogue cannot be read.</source>
        <translation>目录数据库无法读取。</translation>
    </message>
    <message>
        <source>Run “propmaster doctor” to restore a backup.</source>
        <translation>请运行“propmaster doctor”以恢复备份。</translation>
    </message>
    <message>
        <source>The library was written by a newer Propmaster.</source>
        <translation>此素材库由更新版本的 Propmaster 写入。</translation>
    </message>
    <message>
        <source>Update Propmaster.</source>
        <translation>请更新 Propmaster。</translation>
    </message>
    <message>
        <source>The vector database does not answer.</source>
        <translation>向量数据库没有响应。</translation>
    </message>
    <message>
        <source>Start Propmaster again; nothing is lost.</source>
        <translation>请重新启动 Propmaster；数据不会丢失。</translation>
    </message>
    <message>
        <source>The encoder cannot be loaded.</source>
        <translation>编码器无法加载。</translation>
    </message>
    <message>
        <source>Choose another one in the settings.</source>
        <translation>请在设置中另选一个。</translation>
    </message>
    <message>
        <source>This encoder would send pictures or words away, and you have not allowed it.</source>
        <translation>这个编码器会把图片或文字发送出去，而您还没有允许。</translation>
    </message>
    <message>
        <source>Look at what it would send and cost, and agree to it first.</source>
        <translation>请先查看它会发送什么、花费多少，并表示同意。</translation>
    </message>
    <message>
        <source>No hub of models answers.</source>
        <translation>没有模型站点应答。</translation>
    </message>
    <message>
        <source>Check the network and the proxy, name a mirror, or import the files from a disk. What arrived is kept.</source>
        <translation>请检查网络和代理、填写镜像地址，或从磁盘导入文件。已下载的部分会保留。</translation>
    </message>
    <message>
        <source>The hub does not hand out this model to everyone.</source>
        <translation>模型站点不向所有人提供此模型。</translation>
    </message>
    <message>
        <source>Accept its terms on the hub&apos;s page and set HF_TOKEN, or import the files.</source>
        <translation>请在站点页面上接受其条款并设置 HF_TOKEN，或导入文件。</translation>
    </message>
    <message>
        <source>The hub does not have this model.</source>
        <translation>模型站点没有此模型。</translation>
    </message>
    <message>
        <source>Name another hub, or import the files.</source>
        <translation>请填写其他站点，或导入文件。</translation>
    </message>
    <message>
        <source>The hub answered with an error, or is no hub.</source>
        <translation>模型站点返回错误，或该地址不是模型站点。</translation>
    </message>
    <message>
        <source>Try again later, or name another hub.</source>
        <translation>请稍后重试，或填写其他站点。</translation>
    </message>
    <message>
        <source>What arrived is not the file that was announced.</source>
        <translation>收到的文件与站点公布的不一致。</translation>
    </message>
    <message>
        <source>Try again; if it happens again, the hub holds another file.</source>
        <translation>请重试；若再次出现，说明站点上的文件不同。</translation>
    </message>
    <message>
        <source>The files of this model are not there.</source>
        <translation>找不到此模型的文件。</translation>
    </message>
    <message>
        <source>Choose the folder that holds them, and check that the drive is connected.</source>
        <translation>请选择存放这些文件的文件夹，并确认驱动器已连接。</translation>
    </message>
    <message>
        <source>This model needs no files, or is not in the list.</source>
        <translation>此模型不需要文件，或不在列表中。</translation>
    </message>
    <message>
        <source>This model is here already, on its way, or in use.</source>
        <translation>此模型已在本机、正在传输或正在使用。</translation>
    </message>
    <message>
        <source>Wait for it, or choose another model first.</source>
        <translation>请等待其完成，或先选择其他模型。</translation>
    </message>
    <message>
        <source>The quality model did not answer in time; the fast one did.</source>
        <translation>质量模型没有及时回答；结果来自快速模型。</translation>
    </message>
    <message>
        <source>Search again in a moment.</source>
        <translation>请稍后再搜索一次。</translation>
    </message>
    <message>
        <source>This search cannot be understood.</source>
        <translation>无法理解此搜索。</translation>
    </message>
    <message>
        <source>Change its words or filters.</source>
        <translation>请更改搜索词或筛选条件。</translation>
    </message>
    <message>
        <source>A setting holds a value that cannot be used.</source>
        <translation>某项设置的值无法使用。</translation>
    </message>
    <message>
        <source>Correct it in the settings.</source>
        <translation>请在设置中更正。</translation>
    </message>
    <message>
        <source>This picture is not in the library any more, or not read yet.</source>
        <translation>此图片已不在素材库中，或尚未读取。</translation>
    </message>
    <message>
        <source>Refresh the list, or wait until it is indexed.</source>
        <translation>请刷新列表，或等待索引完成。</translation>
    </message>
    <message>
        <source>This batch is not there any more.</source>
        <translation>此批次已不存在。</translation>
    </message>
    <message>
        <source>This cannot be done with the job as it stands.</source>
        <translation>任务目前的状态不允许这样做。</translation>
    </message>
    <message>
        <source>The next picture could cost more than is left of the budget.</source>
        <translation>下一张图片的费用可能超出剩余预算。</translation>
    </message>
    <message>
        <source>Raise the budget, or go on tomorrow.</source>
        <translation>请提高预算，或明天继续。</translation>
    </message>
    <message>
        <source>The folder for new pictures is not there, is full or cannot be written.</source>
        <translation>存放新图片的文件夹不存在、已满或无法写入。</translation>
    </message>
    <message>
        <source>Connect its drive, or free some space.</source>
        <translation>请连接其所在硬盘，或腾出空间。</translation>
    </message>
    <message>
        <source>The file cannot be written there.</source>
        <translation>无法在该位置写入文件。</translation>
    </message>
    <message>
        <source>Choose another place or name.</source>
        <translation>请换一个位置或文件名。</translation>
    </message>
    <message>
        <source>The plan is not kept any more.</source>
        <translation>这份计划已不再保留。</translation>
    </message>
    <message>
        <source>Plan it again.</source>
        <translation>请重新生成计划。</translation>
    </message>
    <message>
        <source>A chosen picture is marked “never send”, or its folder is.</source>
        <translation>所选图片或其文件夹被标记为“永不发送”。</translation>
    </message>
    <message>
        <source>Choose another picture, or take the mark off.</source>
        <translation>请换一张图片，或取消该标记。</translation>
    </message>
    <message>
        <source>This cannot be composed as it stands.</source>
        <translation>目前的内容还无法合成。</translation>
    </message>
    <message>
        <source>Check the references, the words, the size and the model.</source>
        <translation>请检查参考图、文字、尺寸和模型。</translation>
    </message>
    <message>
        <source>There is no such model.</source>
        <translation>没有这个模型。</translation>
    </message>
    <message>
        <source>Choose another one.</source>
        <translation>请换一个。</translation>
    </message>
    <message>
        <source>This model is not offered any more.</source>
        <translation>该模型已停止提供。</translation>
    </message>
    <message>
        <source>Choose its successor.</source>
        <translation>请选择它的后继模型。</translation>
    </message>
    <message>
        <source>The table of models cannot be read.</source>
        <translation>无法读取模型表。</translation>
    </message>
    <message>
        <source>Mend the file generators.toml in the data directory, or delete it.</source>
        <translation>请修复数据目录中的 generators.toml，或将其删除。</translation>
    </message>
    <message>
        <source>The templates of prompts cannot be read.</source>
        <translation>无法读取提示词模板。</translation>
    </message>
    <message>
        <source>Mend the file prompts.toml in the data directory, or delete it.</source>
        <translation>请修复数据目录中的 prompts.toml，或将其删除。</translation>
    </message>
    <message>
        <source>This build of Propmaster names no publisher to ask.</source>
        <translation>此版本的 Propmaster 未指明可询问的发布者。</translation>
    </message>
    <message>
        <source>Look for a newer version where you got this one.</source>
        <translation>请到获取本程序的地方查看有无新版本。</translation>
    </message>
    <message>
        <source>The place for updates cannot be reached.</source>
        <translation>无法连接到更新地址。</translation>
    </message>
    <message>
        <source>Check the internet connection and the proxy. Propmaster works without it.</source>
        <translation>请检查网络连接和代理。没有它，Propmaster 也能照常使用。</translation>
    </message>
    <message>
        <source>The answer about updates is damaged; nothing was taken over.</source>
        <translation>收到的更新信息已损坏；未采用任何内容。</translation>
    </message>
    <message>
        <source>Try again later, or look where you got Propmaster.</source>
        <translation>请稍后再试，或到获取 Propmaster 的地方查看。</translation>
    </message>
    <message>
        <source>The answer about updates is not signed by Propmaster&apos;s publisher; nothing was taken over.</source>
        <translation>收到的更新信息没有 Propmaster 发布者的签名；未采用任何内容。</translation>
    </message>
    <message>
        <source>Something in between may have changed it. Ask who runs the network.</source>
        <translation>内容可能在途中被改动。请咨询网络管理员。</translation>
    </message>
    <message>
        <source>The answer about updates is older than what is here; nothing was taken over.</source>
        <translation>收到的更新信息比本机已有的更旧；未采用任何内容。</translation>
    </message>
    <message>
        <source>Try again later. If it stays so, ask who runs the network.</source>
        <translation>请稍后再试。若一直如此，请咨询网络管理员。</translation>
    </message>
    <message>
        <source>This cannot be a key.</source>
        <translation>这不可能是密钥。</translation>
    </message>
    <message>
        <source>Copy it again from the page of the service.</source>
        <translation>请从服务的网页重新复制。</translation>
    </message>
    <message>
        <source>The search engine has gone.</source>
        <translation>搜索引擎已退出。</translation>
    </message>
    <message>
        <source>It starts again by itself.</source>
        <translation>它会自动重新启动。</translation>
    </message>
    <message>
        <source>Window and search engine are of different versions.</source>
        <translation>窗口与搜索引擎的版本不一致。</translation>
    </message>
    <message>
        <source>Close every Propmaster and start it again.</source>
        <translation>请关闭所有 Propmaster，然后重新启动。</translation>
    </message>
    <message>
        <source>Something went wrong in the search engine.</source>
        <translation>搜索引擎出了问题。</translation>
    </message>
    <message>
        <source>The log says more.</source>
        <translation>详情请见日志。</translation>
    </message>
    <message>
        <source>The file is empty.</source>
        <translation>文件是空的。</translation>
    </message>
    <message>
        <source>Copy or export it again.</source>
        <translation>请重新复制或导出。</translation>
    </message>
    <message>
        <source>The file ends too early.</source>
        <translation>文件不完整。</translation>
    </message>
    <message>
        <source>This is not a picture in a format that is known.</source>
        <translation>这不是已知格式的图片。</translation>
    </message>
    <message>
        <source>The file is damaged.</source>
        <translation>文件已损坏。</translation>
    </message>
    <message>
        <source>Open it in its program and save it again.</source>
        <translation>请在其程序中打开并重新保存。</translation>
    </message>
    <message>
        <source>The file holds no picture of its content.</source>
        <translation>文件中没有内容预览。</translation>
    </message>
    <message>
        <source>Save it with a preview in its program.</source>
        <translation>请在其程序中带预览保存。</translation>
    </message>
    <message>
        <source>The picture has more pixels than are read.</source>
        <translation>图片的像素数超过读取上限。</translation>
    </message>
    <message>
        <source>Raise the limit in the settings file.</source>
        <translation>请在设置文件中提高上限。</translation>
    </message>
    <message>
        <source>The file is larger than is read.</source>
        <translation>文件大小超过读取上限。</translation>
    </message>
    <message>
        <source>Reading the file took too long.</source>
        <translation>读取文件耗时过长。</translation>
    </message>
    <message>
        <source>Press F5 to try again.</source>
        <translation>按 F5 重试。</translation>
    </message>
    <message>
        <source>Reading the file brought its reader down; it is left alone now.</source>
        <translation>读取此文件时读取程序崩溃，现已跳过。</translation>
    </message>
    <message>
        <source>The reader of this format is not installed.</source>
        <translation>未安装此格式的读取程序。</translation>
    </message>
    <message>
        <source>Install Propmaster with it, then press F5.</source>
        <translation>请安装带有它的 Propmaster，然后按 F5。</translation>
    </message>
    <message>
        <source>The file is gone.</source>
        <translation>文件已不存在。</translation>
    </message>
    <message>
        <source>The file is still being written.</source>
        <translation>文件仍在写入。</translation>
    </message>
    <message>
        <source>It is read once it rests.</source>
        <translation>写入停止后会读取。</translation>
    </message>
    <message>
        <source>The file cannot be read from its drive.</source>
        <translation>无法从驱动器读取文件。</translation>
    </message>
    <message>
        <source>Check the drive, then press F5.</source>
        <translation>请检查驱动器，然后按 F5。</translation>
    </message>
    <message>
        <source>The encoder can make nothing of this picture.</source>
        <translation>编码器无法处理此图片。</translation>
    </message>
    <message>
        <source>The index of this model is needed: it answers searches, or is being built.</source>
        <translation>此模型的索引仍在使用：它用于搜索，或正在建立。</translation>
    </message>
    <message>
        <source>Choose another model, and wait until that one answers searches.</source>
        <translation>请选择其他模型，并等到它用于搜索之后再试。</translation>
    </message>
    <message>
        <source>This model has no index here.</source>
        <translation>此模型在这里没有索引。</translation>
    </message>
</context>
<context>
    <name>WindowActions</name>
    <message>
        <source>Save search</source>
        <translation>保存搜索</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Add folder</source>
        <translation>添加文件夹</translation>
    </message>
    <message>
        <source>{0} is being read. You can search meanwhile.</source>
        <translation>正在读取 {0}。期间即可搜索。</translation>
    </message>
    <message>
        <source>Forget this search</source>
        <translation>删除此搜索</translation>
    </message>
    <message>
        <source>Show in file manager</source>
        <translation>在文件管理器中显示</translation>
    </message>
    <message>
        <source>Look for changes now</source>
        <translation>立即检查更改</translation>
    </message>
    <message>
        <source>Stop watching</source>
        <translation>停止监视</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
    <message>
        <source>{0} is no longer watched; its files stay where they are.</source>
        <translation>已停止监视 {0}；文件留在原处。</translation>
    </message>
</context>
<context>
    <name>_Copy</name>
    <message>
        <source>To trash</source>
        <translation>移到回收站</translation>
    </message>
    <message>
        <source>Move {0} to the trash</source>
        <translation>将 {0} 移到回收站</translation>
    </message>
</context>
<context>
    <name>_Tree</name>
    <message>
        <source>Folders, saved searches and tags</source>
        <translation>文件夹、已保存的搜索和标签</translation>
    </message>
</context>
</TS>
