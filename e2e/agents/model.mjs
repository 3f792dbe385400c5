// A model on the loopback interface, for the three agents: it speaks their three languages,
// says what the prompt's own words ask for, counts what it says it has used, and keeps every
// prompt that reached it. It knows nothing of Synk.
//
// A prompt with `[[run COMMAND]]` in it is answered with that command as a tool call, and its
// result, as every other prompt, with a sentence: at once, or after `release` when `hold` was
// called before.

import { once } from 'node:events';
import { createServer } from 'node:http';
import { anthropic } from './anthropic.mjs';
import { gemini } from './gemini.mjs';
import { openai } from './openai.mjs';

const LANGUAGES = [anthropic, openai, gemini];
/** What a turn uses; its number is added to the input, so that sums tell which were counted. */
const USED = { input: 1000, output: 100, cacheRead: 30, cacheWrite: 7 };
/** Titles and summaries use nothing, so that a sum is one of turns. */
const NOTHING = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 };

/** What is answered to whoever asks for a title, in words or in JSON. */
const TITLE = JSON.stringify({ title: 'A title' });

/** Reads a request's body. */
async function read(request) {
  const blocks = [];
  for await (const block of request) blocks.push(block);
  return Buffer.concat(blocks).toString();
}

/** Starts it. Answers `{ port, turns, used, hold, release, close }`. */
export async function startModel() {
  const turns = [];
  const used = { ...NOTHING };
  let gate = Promise.resolve();
  let open = () => {};
  let count = 0;

  async function answer(request, response) {
    const path = request.url;
    const language = LANGUAGES.find((one) => one.matches(path));
    const body = await read(request);
    if (!language) return response.writeHead(404).end();
    const json = body ? JSON.parse(body) : {};
    const asked = request.method === 'POST' ? language.read(path, json) : null;
    if (!asked) {
      response.writeHead(200, { 'content-type': 'application/json' });
      return response.end(JSON.stringify(language.other(path)));
    }
    const id = ++count;
    const model = json.model ?? /models\/([^:]+):/.exec(path)?.[1];
    const usage = asked.own ? NOTHING : { ...USED, input: USED.input + id, ...language.never };
    const run = asked.result ? null : /\[\[run (.*?)\]\]/.exec(asked.prompt)?.[1];
    const turn = { id, model, usage, run, say: run ? null : asked.own ? TITLE : `Answer ${id}.` };
    if (!asked.own) {
      turns.push({ ...asked, id, path, at: Date.now() });
    }
    response.writeHead(200, { 'content-type': language.contentType });
    for (const event of language.begin(turn)) response.write(event);
    if (!asked.own) await Promise.race([gate, once(response, 'close')]);
    if (response.destroyed) return undefined;
    for (const name of Object.keys(used)) used[name] += usage[name];
    for (const event of language.finish(turn)) response.write(event);
    return response.end();
  }

  const server = createServer((request, response) => {
    answer(request, response).catch((error) => {
      turns.push({ fault: error.stack });
      response.writeHead(500).end();
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: server.address().port,
    /** Every turn that was asked for: `{ prompt, result, path, at }`. */
    turns,
    /** The sum of what it said that it used. */
    used,
    /** From now on no turn is answered. */
    hold() {
      gate = new Promise((resolve) => {
        open = resolve;
      });
    },
    /** Every turn is answered. */
    release: () => open(),
    close() {
      open();
      server.closeAllConnections();
      server.close();
    },
  };
}
