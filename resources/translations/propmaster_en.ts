<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en_US">
<context>
    <name>BatchActions</name>
    <message numerus="yes">
        <source>%Ln cell(s) selected</source>
        <translation>
            <numerusform>%Ln cell selected</numerusform>
            <numerusform>%Ln cells selected</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>BatchAsking</name>
    <message numerus="yes">
        <source>Cancel %Ln picture(s) not made yet?</source>
        <translation>
            <numerusform>Cancel %Ln picture not made yet?</numerusform>
            <numerusform>Cancel %Ln pictures not made yet?</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Send %Ln picture(s) that nobody agreed to so far?</source>
        <translation>
            <numerusform>Send %Ln picture that nobody agreed to so far?</numerusform>
            <numerusform>Send %Ln pictures that nobody agreed to so far?</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>BatchHead</name>
    <message numerus="yes">
        <source>Redo %Ln refused…</source>
        <translation>
            <numerusform>Redo %Ln refused…</numerusform>
            <numerusform>Redo %Ln refused…</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Batches</name>
    <message numerus="yes">
        <source>%Ln batch(es) were interrupted; nothing is sent until you resume.</source>
        <translation>
            <numerusform>%Ln batch was interrupted; nothing is sent until you resume it.</numerusform>
            <numerusform>%Ln batches were interrupted; nothing is sent until you resume them.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{0} of %Ln picture(s) made</source>
        <translation>
            <numerusform>{0} of %Ln picture made</numerusform>
            <numerusform>{0} of %Ln pictures made</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln picture(s) copied.</source>
        <translation>
            <numerusform>%Ln picture copied.</numerusform>
            <numerusform>%Ln pictures copied.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln of them kept their ground: it is not plain enough to be cut.</source>
        <translation>
            <numerusform>%Ln of them kept its ground: it is not plain enough to be cut.</numerusform>
            <numerusform>%Ln of them kept their grounds: they are not plain enough to be cut.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Choosing</name>
    <message numerus="yes">
        <source>%Ln picture(s) must stay on this computer and cannot be chosen.</source>
        <translation>
            <numerusform>%Ln picture must stay on this computer and cannot be chosen.</numerusform>
            <numerusform>%Ln pictures must stay on this computer and cannot be chosen.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ConsentSheet</name>
    <message numerus="yes">
        <source>Make %Ln draft(s)</source>
        <translation>
            <numerusform>Make %Ln draft</numerusform>
            <numerusform>Make %Ln drafts</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Send %Ln request(s)</source>
        <translation>
            <numerusform>Send %Ln request</numerusform>
            <numerusform>Send %Ln requests</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln picture(s) to make</source>
        <translation>
            <numerusform>%Ln picture to make</numerusform>
            <numerusform>%Ln pictures to make</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln picture(s) leave this computer</source>
        <translation>
            <numerusform>%Ln picture leaves this computer</numerusform>
            <numerusform>%Ln pictures leave this computer</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>DuplicatesDialog</name>
    <message numerus="yes">
        <source>%Ln group(s)</source>
        <translation>
            <numerusform>%Ln group</numerusform>
            <numerusform>%Ln groups</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Move %Ln file(s) to the trash?</source>
        <translation>
            <numerusform>Move %Ln file to the trash?</numerusform>
            <numerusform>Move %Ln files to the trash?</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ExportSheet</name>
    <message numerus="yes">
        <source>Export %Ln picture(s)</source>
        <translation>
            <numerusform>Export %Ln picture</numerusform>
            <numerusform>Export %Ln pictures</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>FoldersPage</name>
    <message numerus="yes">
        <source>%Ln picture(s)</source>
        <translation>
            <numerusform>%Ln picture</numerusform>
            <numerusform>%Ln pictures</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln file(s) without a picture</source>
        <translation>
            <numerusform>%Ln file without a picture</numerusform>
            <numerusform>%Ln files without a picture</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>GroupCard</name>
    <message numerus="yes">
        <source>Move %Ln to trash…</source>
        <translation>
            <numerusform>Move %Ln to trash…</numerusform>
            <numerusform>Move %Ln to trash…</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>HandOver</name>
    <message numerus="yes">
        <source>%Ln path(s) copied.</source>
        <translation>
            <numerusform>%Ln path copied.</numerusform>
            <numerusform>%Ln paths copied.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Inspector</name>
    <message numerus="yes">
        <source>%Ln picture(s)</source>
        <translation>
            <numerusform>%Ln picture</numerusform>
            <numerusform>%Ln pictures</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ModelCard</name>
    <message numerus="yes">
        <source>%Ln language(s)</source>
        <translation>
            <numerusform>%Ln language</numerusform>
            <numerusform>%Ln languages</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln picture(s) indexed</source>
        <translation>
            <numerusform>%Ln picture indexed</numerusform>
            <numerusform>%Ln pictures indexed</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>OutputFoot</name>
    <message numerus="yes">
        <source>%Ln picture(s)</source>
        <translation>
            <numerusform>%Ln picture</numerusform>
            <numerusform>%Ln pictures</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>PictureActions</name>
    <message numerus="yes">
        <source>%Ln picture(s) will never be sent anywhere.</source>
        <translation>
            <numerusform>%Ln picture will never be sent anywhere.</numerusform>
            <numerusform>%Ln pictures will never be sent anywhere.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>PlanView</name>
    <message numerus="yes">
        <source>%Ln picture(s) seen,</source>
        <translation>
            <numerusform>%Ln picture seen,</numerusform>
            <numerusform>%Ln pictures seen,</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln waiting.</source>
        <translation>
            <numerusform>%Ln waiting.</numerusform>
            <numerusform>%Ln waiting.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln stay(s) here, marked “never send”.</source>
        <translation>
            <numerusform>%Ln stays here, marked “never send”.</numerusform>
            <numerusform>%Ln stay here, marked “never send”.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>This buys %Ln of them: {0} at most, {1} each, to {2} (prices of {3}).</source>
        <translation>
            <numerusform>This buys %Ln of them: {0} at most, {1} each, to {2} (prices of {3}).</numerusform>
            <numerusform>This buys %Ln of them: {0} at most, {1} each, to {2} (prices of {3}).</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>That takes about %Ln minute(s) on this machine.</source>
        <translation>
            <numerusform>That takes about %Ln minute on this machine.</numerusform>
            <numerusform>That takes about %Ln minutes on this machine.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>That takes about %Ln hour(s) on this machine.</source>
        <translation>
            <numerusform>That takes about %Ln hour on this machine.</numerusform>
            <numerusform>That takes about %Ln hours on this machine.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>and %Ln more folder(s)</source>
        <translation>
            <numerusform>and %Ln more folder</numerusform>
            <numerusform>and %Ln more folders</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>QualityPage</name>
    <message numerus="yes">
        <source>Send %Ln picture(s) to {0}, for {1} at most?</source>
        <translation>
            <numerusform>Send %Ln picture to {0}, for {1} at most?</numerusform>
            <numerusform>Send %Ln pictures to {0}, for {1} at most?</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>RatingStars</name>
    <message numerus="yes">
        <source>Rating: %Ln star(s)</source>
        <translation>
            <numerusform>Rating: %Ln star</numerusform>
            <numerusform>Rating: %Ln stars</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>RedoSheet</name>
    <message numerus="yes">
        <source>Send %Ln picture(s) again</source>
        <translation>
            <numerusform>Send %Ln picture again</numerusform>
            <numerusform>Send %Ln pictures again</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Ask once more for %Ln picture(s)?</source>
        <translation>
            <numerusform>Ask once more for %Ln picture?</numerusform>
            <numerusform>Ask once more for %Ln pictures?</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln of them may have been made and billed already: the answer was lost on its way. Asking again may cost twice.</source>
        <translation>
            <numerusform>%Ln of them may have been made and billed already: the answer was lost on its way. Asking again may cost twice.</numerusform>
            <numerusform>%Ln of them may have been made and billed already: the answers were lost on their way. Asking again may cost twice.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>RoleWell</name>
    <message numerus="yes">
        <source>{0}: %Ln picture(s)</source>
        <translation>
            <numerusform>{0}: %Ln picture</numerusform>
            <numerusform>{0}: %Ln pictures</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Selecting</name>
    <message numerus="yes">
        <source>%Ln picture(s)</source>
        <translation>
            <numerusform>%Ln picture</numerusform>
            <numerusform>%Ln pictures</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>SlotCard</name>
    <message numerus="yes">
        <source>%Ln chosen</source>
        <translation>
            <numerusform>%Ln chosen</numerusform>
            <numerusform>%Ln chosen</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>StatusBar</name>
    <message numerus="yes">
        <source>%Ln file(s) without a picture</source>
        <translation>
            <numerusform>%Ln file without a picture</numerusform>
            <numerusform>%Ln files without a picture</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln minute(s) left</source>
        <translation>
            <numerusform>%Ln minute left</numerusform>
            <numerusform>%Ln minutes left</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln hour(s) left</source>
        <translation>
            <numerusform>%Ln hour left</numerusform>
            <numerusform>%Ln hours left</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>TrayActions</name>
    <message numerus="yes">
        <source>%Ln picture(s) taken out of the tray.</source>
        <translation>
            <numerusform>%Ln picture taken out of the tray.</numerusform>
            <numerusform>%Ln pictures taken out of the tray.</numerusform>
        </translation>
    </message>
</context>
</TS>
