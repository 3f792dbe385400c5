import { expect, it } from 'vitest';
import { isUnfinished, problemOfBranch } from './branch-name';

it.each(['feat/login', 'fix-12', 'a.b', 'Größe', 'x@y', 'feat/a/b', ''])('takes %s', (name) => {
  expect(problemOfBranch(name)).toBeNull();
});

it.each([
  ['two words', 'no spaces'],
  ['what?', 'none of'],
  ['a~1', 'none of'],
  ['a\\b', 'none of'],
  ['-x', 'a dash'],
  ['/a', 'A slash'],
  ['a//b', 'A slash'],
  ['a/', 'A slash'],
  ['a..b', 'a range'],
  ['a/.b', 'begins with a dot'],
  ['a.', 'end with a dot'],
  ['a.lock/b', '.lock'],
  ['@', 'something else'],
  ['HEAD', 'something else'],
  ['a@{1}', 'something else'],
])('does not take %s, and says why', (name, words) => {
  expect(problemOfBranch(name)).toContain(words);
});

it('says nothing of a name that is being written', () => {
  expect(['feat/', 'v1.', '@'].map(isUnfinished)).toEqual([true, true, true]);
  expect(['feat', 'feat//', 'two words/'].map(isUnfinished)).toEqual([false, false, false]);
});
