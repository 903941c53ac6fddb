; Puts `notafter` on the person's PATH, and takes it off with the program. Where PowerShell is not let, the rest is installed all the same.
!macro notafterPath what
  nsExec::Exec '"$SYSDIR\WindowsPowerShell\v1.0\powershell.exe" -NoProfile -NonInteractive -ExecutionPolicy Bypass -File "$INSTDIR\resources\bin\path.ps1" ${what}'
  Pop $0
!macroend

!macro customInstall
  !insertmacro notafterPath add
!macroend

; An update takes the old one away first: the folder stays on the PATH.
!macro customUnInstall
  ${ifNot} ${isUpdated}
    !insertmacro notafterPath remove
    ; What starts at login goes with the program.
    DeleteRegValue HKCU "Software\Microsoft\Windows\CurrentVersion\Run" "app.notafter.desktop"
    DeleteRegValue HKCU "Software\Microsoft\Windows\CurrentVersion\Explorer\StartupApproved\Run" "app.notafter.desktop"
  ${endIf}
!macroend
