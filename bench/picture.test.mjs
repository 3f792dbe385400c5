import assert from 'node:assert/strict';
import { test } from 'node:test';
import { picture } from './picture.mjs';

const result = {
  title: 'Time & <space>',
  rounds: 5,
  machine: {
    date: '2026-01-02T03:04:05Z',
    cpu: '2 × CPU',
    memoryGib: 24,
    system: 'linux 6',
    load: ['0.1', '0.2', '0.3'],
  },
  versions: { tmux: 'tmux 3.3a' },
  absent: { zellij: 'it is not installed' },
  measures: [
    {
      what: 'plain',
      unit: 'ms',
      better: 'less',
      values: { Synk: [1, 2, 3], tmux: [4], screen: [] },
      notes: [`a long note ${'that goes on '.repeat(20)}`],
    },
    { what: 'nothing at all', unit: 'cells', better: 'less', values: { Synk: [0], tmux: [0] } },
  ],
};

test('it is well-formed, says who and what, and keeps inside its card', () => {
  const svg = picture(result);
  assert.match(svg, /^<svg .*width="800"/);
  assert.ok(svg.includes('Time &amp; &lt;space&gt;'));
  for (const words of ['plain', 'tmux 3.3a', '2026-01-02', 'Without zellij', '1–3']) {
    assert.ok(svg.includes(words), words);
  }
  assert.ok(!svg.includes('NaN') && !svg.includes('undefined') && !svg.includes('Infinity'));
  const height = Number(svg.match(/height="(\d+)"/)[1]);
  for (const [, x, y] of svg.matchAll(/<text x="([\d.]+)" y="([\d.]+)"/g)) {
    assert.ok(Number(x) >= 0 && Number(x) <= 800 && Number(y) < height - 8, `${x} ${y}`);
  }
});

test('bars have lengths in proportion, and whoever was not measured has none', () => {
  const svg = picture(result);
  const widths = [...svg.matchAll(/<rect .*?width="([\d.]+)".*?class="bar/g)].map(([, width]) =>
    Number(width),
  );
  assert.equal(widths.length, 4);
  assert.ok(Math.abs(widths[0] / widths[1] - 2 / 4) < 0.01);
});
