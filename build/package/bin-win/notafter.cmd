@echo off
rem The command line of NotAfter, on the console Node beside it: the app itself is no console program, so that it can read no standard input
rem and begins its output with an empty line. A batch file passes the exit status of its last program on.
"%~dp0node.exe" "%~dp0..\cli\dist\app\notafter.js" %*
