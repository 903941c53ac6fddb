@echo off
rem The command line of NotAfter. A batch file waits for the program, and passes its exit status on.
"%~dp0..\..\NotAfter.exe" %*
