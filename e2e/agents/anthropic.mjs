// The Anthropic Messages API, as much of it as Claude Code uses: what a request asks, and an
// answer as server-sent events.

/** What a person said last: before it may stand reminders of the agent's own. */
const text = (content) =>
  typeof content === 'string'
    ? content
    : (content.findLast((block) => block.type === 'text')?.text ?? '');

export const anthropic = {
  matches: (path) => path.startsWith('/v1/messages'),

  /** The turn that is asked for; nothing when it is another question. */
  read(path, body) {
    if (path.includes('count_tokens') || !body.messages) return null;
    const asks = body.messages.filter((message) => message.role === 'user');
    const last = asks.at(-1)?.content ?? '';
    const result = typeof last !== 'string' && last.some((block) => block.type === 'tool_result');
    // Titles and summaries are asked for without tools.
    return { own: (body.tools ?? []).length === 0, prompt: text(last), result };
  },

  /** What else it asks. */
  other: (path) => (path.includes('count_tokens') ? { input_tokens: 10 } : {}),

  contentType: 'text/event-stream',

  /** The events before anything is said: the model has begun. */
  *begin({ id, model, usage }) {
    const message = {
      id: `msg_${id}`,
      type: 'message',
      role: 'assistant',
      model,
      content: [],
      stop_reason: null,
      stop_sequence: null,
      usage: {
        input_tokens: usage.input,
        cache_creation_input_tokens: usage.cacheWrite,
        cache_read_input_tokens: usage.cacheRead,
        output_tokens: 1,
      },
    };
    yield sse({ type: 'message_start', message });
  },

  /** What is said, and the end. */
  *finish({ id, usage, say, run }) {
    const block = run
      ? {
          start: { type: 'tool_use', id: `toolu_${id}`, name: 'Bash', input: {} },
          delta: {
            type: 'input_json_delta',
            partial_json: JSON.stringify({ command: run, description: 'Make a file' }),
          },
        }
      : { start: { type: 'text', text: '' }, delta: { type: 'text_delta', text: say } };
    yield sse({ type: 'content_block_start', index: 0, content_block: block.start });
    yield sse({ type: 'content_block_delta', index: 0, delta: block.delta });
    yield sse({ type: 'content_block_stop', index: 0 });
    yield sse({
      type: 'message_delta',
      delta: { stop_reason: run ? 'tool_use' : 'end_turn', stop_sequence: null },
      usage: { output_tokens: usage.output },
    });
    yield sse({ type: 'message_stop' });
  },
};

const sse = (event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
