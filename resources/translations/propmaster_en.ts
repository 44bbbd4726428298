<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en_US">
    <context>
        <name>DuplicatesDialog</name>
        <message numerus="yes">
            <source>%n group(s)</source>
            <translation>
                <numerusform>%n group</numerusform>
                <numerusform>%n groups</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>Move %n file(s) to the trash?</source>
            <translation>
                <numerusform>Move %n file to the trash?</numerusform>
                <numerusform>Move %n files to the trash?</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>FoldersPage</name>
        <message numerus="yes">
            <source>%n picture(s)</source>
            <translation>
                <numerusform>%n picture</numerusform>
                <numerusform>%n pictures</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n file(s) without a picture</source>
            <translation>
                <numerusform>%n file without a picture</numerusform>
                <numerusform>%n files without a picture</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>GroupCard</name>
        <message numerus="yes">
            <source>Move %n to trash…</source>
            <translation>
                <numerusform>Move %n to trash…</numerusform>
                <numerusform>Move %n to trash…</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>HandOver</name>
        <message numerus="yes">
            <source>%n path(s) copied.</source>
            <translation>
                <numerusform>%n path copied.</numerusform>
                <numerusform>%n paths copied.</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>Inspector</name>
        <message numerus="yes">
            <source>%n picture(s)</source>
            <translation>
                <numerusform>%n picture</numerusform>
                <numerusform>%n pictures</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>ModelsPage</name>
        <message numerus="yes">
            <source>%n picture(s) indexed</source>
            <translation>
                <numerusform>%n picture indexed</numerusform>
                <numerusform>%n pictures indexed</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>PictureActions</name>
        <message numerus="yes">
            <source>%n picture(s) will never be sent anywhere.</source>
            <translation>
                <numerusform>%n picture will never be sent anywhere.</numerusform>
                <numerusform>%n pictures will never be sent anywhere.</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>RatingStars</name>
        <message numerus="yes">
            <source>Rating: %n star(s)</source>
            <translation>
                <numerusform>Rating: %n star</numerusform>
                <numerusform>Rating: %n stars</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>Selecting</name>
        <message numerus="yes">
            <source>%n picture(s)</source>
            <translation>
                <numerusform>%n picture</numerusform>
                <numerusform>%n pictures</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>StatusBar</name>
        <message numerus="yes">
            <source>%n file(s) without a picture</source>
            <translation>
                <numerusform>%n file without a picture</numerusform>
                <numerusform>%n files without a picture</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n minute(s) left</source>
            <translation>
                <numerusform>%n minute left</numerusform>
                <numerusform>%n minutes left</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n hour(s) left</source>
            <translation>
                <numerusform>%n hour left</numerusform>
                <numerusform>%n hours left</numerusform>
            </translation>
        </message>
    </context>
</TS>
