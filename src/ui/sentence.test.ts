import { expect, it } from 'vitest';
import { sentence } from './sentence';

it.each([
  ['the branch “main” is checked out in /a', 'The branch “main” is checked out in /a.'],
  ['/a has changes; commit them first', '/a has changes; commit them first.'],
  ['It is so.', 'It is so.'],
  ['feat/horn is locked.', 'feat/horn is locked.'],
  ['session 2 (bash) works in /a; close it first', 'Session 2 (bash) works in /a; close it first.'],
  ['', ''],
])('%s is said as %s', (clause, said) => expect(sentence(clause)).toBe(said));
