; Puts `notafter` on the PATH, and takes it off with the program: on the PATH of all users where it is installed for all of them (a person who
; is no administrator gives another one's password, and that one's PATH is not theirs). Where PowerShell is not let, the rest is installed.
!macro notafterPath what
  ${if} $installMode == "all"
    nsExec::Exec '"$SYSDIR\WindowsPowerShell\v1.0\powershell.exe" -NoProfile -NonInteractive -ExecutionPolicy Bypass -File "$INSTDIR\resources\bin\path.ps1" ${what} -AllUsers'
  ${else}
    nsExec::Exec '"$SYSDIR\WindowsPowerShell\v1.0\powershell.exe" -NoProfile -NonInteractive -ExecutionPolicy Bypass -File "$INSTDIR\resources\bin\path.ps1" ${what}'
  ${endIf}
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
    DeleteRegValue HKCU "Software\Microsoft\Windows\CurrentVersion\Run" "${APP_ID}"
    DeleteRegValue HKCU "Software\Microsoft\Windows\CurrentVersion\Explorer\StartupApproved\Run" "${APP_ID}"
  ${endIf}
!macroend
