# Puts this folder on the person's PATH, or takes it off. To the letter: what else stands there stays as it is written.
param(
  [Parameter(Mandatory)][ValidateSet('add', 'remove')][string]$What,
  [string]$Key = 'Environment'
)
$ErrorActionPreference = 'Stop'
$environment = [Microsoft.Win32.Registry]::CurrentUser.CreateSubKey($Key)
$path = [string]$environment.GetValue('Path', '', 'DoNotExpandEnvironmentNames')
$folders = @($path -split ';' | Where-Object { $_ -ne '' -and $_ -ne $PSScriptRoot })
if ($What -eq 'add') { $folders += $PSScriptRoot }
$environment.SetValue('Path', ($folders -join ';'), 'ExpandString')
$environment.Close()
# Windows that are open hear of a change when .NET makes one.
[Environment]::SetEnvironmentVariable('NotAfterPathChanged', $null, 'User')
