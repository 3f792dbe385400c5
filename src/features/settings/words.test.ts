import { describe, expect, it } from 'vitest';
import { lineOf, wordsOf } from './words';

describe('the words of a line', () => {
  it.each([
    ['', []],
    ['  --model  opus ', ['--model', 'opus']],
    ['--say "two words"', ['--say', 'two words']],
    ['--say=\'it is "so"\'', ['--say=it is "so"']],
    ['"a \\"b\\" \\\\ c" d\\ e ""', ['a "b" \\ c', 'd e', '']],
    ['"open', null],
    ["it's", null],
    ['end\\', null],
  ])('%j are %j', (line, words) => expect(wordsOf(line)).toEqual(words));

  it('come back as they were', () => {
    const words = ['--model', 'opus', 'two words', '', '"', "'", '\\', '\ta\n', '$HOME `x` *'];
    expect(wordsOf(lineOf(words))).toEqual(words);
  });
});
