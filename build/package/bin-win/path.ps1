# Puts this folder on the PATH of the person or of all users, or takes it off. To the letter: the other folders stay as they are written.
param(
  [Parameter(Mandatory)][ValidateSet('add', 'remove')][string]$What,
  [switch]$AllUsers,
  [string]$Key = $(if ($AllUsers) { 'SYSTEM\CurrentControlSet\Control\Session Manager\Environment' } else { 'Environment' })
)
$ErrorActionPreference = 'Stop'
$hive = if ($AllUsers) { [Microsoft.Win32.Registry]::LocalMachine } else { [Microsoft.Win32.Registry]::CurrentUser }
$environment = $hive.CreateSubKey($Key)
$path = [string]$environment.GetValue('Path', '', 'DoNotExpandEnvironmentNames')
$folders = @($path -split ';' | Where-Object { $_ -ne '' -and $_ -ne $PSScriptRoot })
if ($What -eq 'add') { $folders += $PSScriptRoot }
$environment.SetValue('Path', ($folders -join ';'), 'ExpandString')
$environment.Close()
# Windows that are open hear of a change when .NET makes one.
[Environment]::SetEnvironmentVariable('NotAfterPathChanged', $null, 'User')
