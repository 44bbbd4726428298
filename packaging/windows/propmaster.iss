; Inno Setup 6. Called by packaging/build.py, which defines Version, Source, Target, Name and Icon.
; For the user alone, without an administrator; whoever has the rights may choose all users in the first dialog.

[Setup]
AppId={{5B0D3A52-2B7C-4B6F-9D0E-9C1B5A2E7A41}
AppName=Propmaster
AppVersion={#Version}
AppVerName=Propmaster {#Version}
DefaultDirName={autopf}\Propmaster
DefaultGroupName=Propmaster
DisableProgramGroupPage=yes
PrivilegesRequired=lowest
PrivilegesRequiredOverridesAllowed=dialog
ArchitecturesAllowed=x64compatible
ArchitecturesInstallIn64BitMode=x64compatible
MinVersion=10.0
OutputDir={#Target}
OutputBaseFilename={#Name}
SetupIconFile={#Icon}
UninstallDisplayIcon={app}\propmasterw.exe
Compression=lzma2/normal
SolidCompression=yes
LZMANumBlockThreads=4
CloseApplications=yes
WizardStyle=modern
ShowLanguageDialog=auto

[Languages]
Name: "en"; MessagesFile: "compiler:Default.isl"

[CustomMessages]
FindSimilar=Find similar in Propmaster
ExplorerEntry=Add “Find similar in Propmaster” to the menu of pictures in Explorer
KeepData=Keep what Propmaster knows about your pictures (index, tags, compositions, settings)?%n%nYour pictures themselves stay where they are in any case.

[Tasks]
Name: "desktopicon"; Description: "{cm:CreateDesktopIcon}"; GroupDescription: "{cm:AdditionalIcons}"; Flags: unchecked
Name: "explorer"; Description: "{cm:ExplorerEntry}"

[Files]
Source: "{#Source}\*"; DestDir: "{app}"; Flags: recursesubdirs createallsubdirs ignoreversion

[InstallDelete]
; What an older version brought and this one does not would be loaded all the same.
Type: filesandordirs; Name: "{app}\_internal"

[Icons]
Name: "{autoprograms}\Propmaster"; Filename: "{app}\propmasterw.exe"
Name: "{autodesktop}\Propmaster"; Filename: "{app}\propmasterw.exe"; Tasks: desktopicon

[Registry]
Root: HKA; Subkey: "Software\Classes\SystemFileAssociations\image\shell\Propmaster.Similar"; ValueType: string; ValueData: "{cm:FindSimilar}"; Flags: uninsdeletekey; Tasks: explorer
Root: HKA; Subkey: "Software\Classes\SystemFileAssociations\image\shell\Propmaster.Similar"; ValueType: string; ValueName: "Icon"; ValueData: "{app}\propmasterw.exe"; Tasks: explorer
Root: HKA; Subkey: "Software\Classes\SystemFileAssociations\image\shell\Propmaster.Similar\command"; ValueType: string; ValueData: """{app}\propmasterw.exe"" --similar ""%1"""; Tasks: explorer

[Run]
Filename: "{app}\propmasterw.exe"; Description: "{cm:LaunchProgram,Propmaster}"; Flags: nowait postinstall skipifsilent

[Code]
procedure CurUninstallStepChanged(Step: TUninstallStep);
begin
  if (Step = usPostUninstall) and not UninstallSilent then
    if MsgBox(CustomMessage('KeepData'), mbConfirmation, MB_YESNO or MB_DEFBUTTON1) = IDNO then
      DelTree(ExpandConstant('{localappdata}\propmaster'), True, True, True);
end;
