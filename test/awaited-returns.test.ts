import { readFileSync } from 'node:fs';
import { parseAst } from 'vite';
import { describe, expect, it } from 'vitest';
import { sourceFiles } from './support/source-files.ts';

/**
 * A promise that is returned from a block with `using`, or from a `try` with a `catch`, is returned before it settles: what was to be in use
 * is disposed of by then, and a rejection passes the `catch` by. Both need `return await`. A deadline of ours ended with the block that
 * began the work, and the time that a dead disk took counted for nothing.
 */
type Node = Record<string, unknown> & { type: string };

interface Place {
  isAsync: boolean;
  /** Whether what is returned here has to be awaited. */
  isGuarded: boolean;
}

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && typeof (value as Node).type === 'string';

function childrenOf(node: Node): Node[] {
  return Object.values(node)
    .flatMap((child) => (Array.isArray(child) ? child : [child]))
    .filter(isNode);
}

const nameOf = (node: unknown): string =>
  isNode(node) ? String(node['name'] ?? nameOf(node['property'])) : '';

/** Whether a function is declared async, or says that it returns a promise. */
function returnsPromise(node: Node): boolean {
  const { returnType } = node as Node & { returnType?: { typeAnnotation?: Node } };
  return node['async'] === true || nameOf(returnType?.typeAnnotation?.['typeName']) === 'Promise';
}

/** Collects the names of functions and methods that return promises. */
function asyncNames(node: Node, into: Set<string>): void {
  const named: [unknown, unknown][] = [
    [node['id'], node],
    [node['id'], node['init']],
    [node['key'], node['value']],
  ];
  for (const [name, made] of named)
    if (isNode(made) && /Function/.test(made.type) && returnsPromise(made)) into.add(nameOf(name));
  for (const child of childrenOf(node)) asyncNames(child, into);
}

function isPromise(node: unknown, names: ReadonlySet<string>): boolean {
  if (!isNode(node)) return false;
  if (node.type === 'ConditionalExpression')
    return isPromise(node['consequent'], names) || isPromise(node['alternate'], names);
  if (node.type !== 'CallExpression') return false;
  const { callee } = node as unknown as { callee: Node };
  return nameOf(callee['object']) === 'Promise' || names.has(nameOf(callee));
}

function find(node: Node, place: Place, names: ReadonlySet<string>, into: number[]): void {
  let { isAsync, isGuarded } = place;
  if (/Function/.test(node.type)) {
    isAsync = node['async'] === true;
    isGuarded = false;
  }
  const statements = node.type === 'BlockStatement' ? childrenOf(node) : [];
  if (statements.some((one) => one.type === 'VariableDeclaration' && /using/.test(String(one['kind']))))
    isGuarded = true;
  if (node.type === 'ReturnStatement' && isAsync && isGuarded && isPromise(node['argument'], names))
    into.push(Number(node['start']));
  for (const child of childrenOf(node)) {
    const isTried = node.type === 'TryStatement' && child === node['block'] && node['handler'] !== null;
    find(child, { isAsync, isGuarded: isGuarded || isTried }, names, into);
  }
}

const parse = (path: string, text: string) =>
  parseAst(text, { lang: path.endsWith('x') ? 'tsx' : 'ts' }) as unknown as Node;

function placesOf(path: string, text: string, names: ReadonlySet<string>): string[] {
  const found: number[] = [];
  find(parse(path, text), { isAsync: false, isGuarded: false }, names, found);
  return found.map((start) => `${path}:${text.slice(0, start).split('\n').length}`);
}

describe('a promise that is returned where something is in use, or where its rejection would be caught', () => {
  const files = sourceFiles(['electron', 'shared', 'renderer', 'build']).map((path) => ({
    path,
    text: readFileSync(new URL(`../${path}`, import.meta.url), 'utf8'),
  }));
  const names = new Set<string>();
  for (const { path, text } of files) asyncNames(parse(path, text), names);

  it('is awaited', () => {
    expect(names.size).toBeGreaterThan(200);
    expect(files.flatMap(({ path, text }) => placesOf(path, text, names))).toEqual([]);
  });

  it.each([
    ['using', 'async function a() { using b = c(); return load(); }'],
    ['await using', 'async function a() { await using b = c(); return Promise.race([b]); }'],
    ['try', 'async function a() { try { return load(); } catch { return null; } }'],
    ['a condition', 'const a = async () => { try { return x ? load() : null; } catch { return null; } }'],
    ['a method', 'class A { async b() { using c = d(); if (e) { return this.#load(); } } }'],
  ])('would be found: %s', (_what, text) => {
    expect(placesOf('a.ts', text, new Set(['load', '#load']))).toHaveLength(1);
  });

  it.each([
    ['awaited', 'async function a() { using b = c(); return await load(); }'],
    ['outside', 'async function a() { { using b = c(); } return load(); }'],
    [
      'of another function',
      'async function a() { using b = c(); return list.map(() => { return load(); }); }',
    ],
    ['after the try', 'async function a() { try { b(); } catch { return null; } return load(); }'],
  ])('is fine: %s', (_what, text) => {
    expect(placesOf('a.ts', text, new Set(['load']))).toEqual([]);
  });
});
