import { describe, expect, it } from 'vitest';
import { filePathProblem, readFilePath } from '../../../shared/domain/file-path.ts';

/**
 * By https://learn.microsoft.com/windows/win32/fileio/naming-a-file (reserved names, namespaces) and the cases of CPython's
 * Lib/test/test_ntpath.py, test_isreserved.
 */
const devices = ['CON', 'PRN', 'AUX', 'NUL', 'CONIN$', 'CONOUT$'].concat(
  ['COM', 'LPT'].flatMap((port) => [...'0123456789¹²³'].map((digit) => port + digit)),
);

describe('filePathProblem', () => {
  it.each(devices)('refuses the device %s, however it is written', (name) => {
    for (const path of [
      name,
      name.toLowerCase(),
      `${name}.txt`,
      `${name}.tar.gz`,
      `${name}.`,
      `${name} `,
      `${name} .txt`,
      `${name}. . .`,
      `${name}:`,
      `${name}:stream`,
      `.\\${name}`,
      `C:${name}`,
      `C:\\folder\\${name}`,
      `C:/folder/${name}.pem`,
      `/etc/ssl/${name}`,
      `${name}\\`,
      `${name}\\.`,
      `${name}\\x\\..`,
    ])
      expect(filePathProblem(path), path).toMatch(/device paths/);
  });

  it.each([
    '\\\\host\\share\\a.pem',
    '//host/share/a.pem',
    '/\\host\\share',
    '\\/host/share',
    '///host',
    '\\\\?\\UNC\\host\\share\\a.pem',
    '\\\\?\\C:\\a.pem',
    '\\\\.\\COM1',
    '\\\\.\\pipe\\x',
    '//./pipe/x',
    '//?/C:/a.pem',
    '\\??\\C:\\a.pem',
    '/??/C:/a.pem',
    '\\\\host@SSL@443\\DavWWWRoot\\a.pem',
    '\\\\127.0.0.1\\c$',
  ])('refuses the network or device path %s', (path) => {
    expect(filePathProblem(path)).toMatch(/network and device paths/);
  });

  it.each(['file:///etc/a.pem', 'file:\\\\host\\share', 'http://host/a.pem', 'smb://host/a.pem', 'FILE:a'])(
    'refuses the URL %s',
    (path) => expect(filePathProblem(path)).toMatch(/not a URL/),
  );

  it.each(['a\0b', '/etc/a\n.pem', 'a\u202eb'])('refuses %j', (path) => {
    expect(filePathProblem(path)).toMatch(/control characters/);
  });

  it.each([
    '/etc/ssl/certs/a.pem',
    './a.pem',
    '../a.pem',
    'C:\\certs\\a.pem',
    'c:/certs/a.pem',
    '/srv/aux/a.pem',
    '/home/con/nullable.pem',
    'communication.pem',
    'com10.pem',
    'lpt.pem',
    'auxiliary',
    '/etc/ssl/a b.pem',
    '/etc/ssl/Zürich.pem',
    '/a//b.pem',
    'a.nul',
  ])('takes %s', (path) => expect(filePathProblem(path)).toBeNull());
});

describe('readFilePath', () => {
  it.each([
    ['file:///etc/a.pem', '/etc/a.pem'],
    ['file://localhost/etc/a.pem', '/etc/a.pem'],
    ['file:/etc/a.pem', '/etc/a.pem'],
    ['file:./a.pem', './a.pem'],
    ['file:///C:/a.pem', 'C:/a.pem'],
    ['file:C:\\a.pem', 'C:\\a.pem'],
    ['/etc/a.pem', '/etc/a.pem'],
    ['./a.pem', './a.pem'],
    ['C:/a.pem', 'C:/a.pem'],
    ['www.example.com', null],
    ['https://www.example.com', null],
    ['[::1]:443', null],
  ])('reads %s', (text, path) => expect(readFilePath(text)).toBe(path));

  it.each([
    'file://host/share/a.pem',
    'file:////host/share/a.pem',
    'file://///host/share',
    'file:\\\\host\\share',
    'file:/\\host\\share',
    'file:///\\\\host\\share',
    'file://\\\\host\\share',
    'FILE://HOST/share',
    '//host/share',
    '\\\\host\\share',
    '\\/host/share',
  ])('keeps %s a path that is refused', (text) => {
    expect(filePathProblem(readFilePath(text) ?? '')).toMatch(/network and device paths/);
  });
});
