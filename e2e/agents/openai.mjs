// The OpenAI Responses API, as much of it as Codex uses: what a request asks, and an answer as
// server-sent events.

/** What a person said last. */
const text = (content) => content.findLast((part) => part.text !== undefined)?.text ?? '';

const isResult = (item) => item.type?.endsWith('_output');

export const openai = {
  matches: (path) => path.startsWith('/v1/responses') || path.startsWith('/v1/models'),

  /** The turn that is asked for; nothing when it is another question. */
  read(_path, body) {
    if (!body.input) return null;
    const last = body.input.at(-1);
    const asks = body.input.filter((item) => item.type === 'message' && item.role === 'user');
    return {
      // A title for the conversation is asked for in a form.
      own: body.text?.format !== undefined,
      prompt: asks.length > 0 ? text(asks.at(-1).content) : '',
      result: isResult(last),
    };
  },

  /** What else it asks. */
  other: () => ({ object: 'list', data: [], models: [] }),

  contentType: 'text/event-stream',

  /** The events before anything is said: the model has begun. */
  *begin({ id, model }) {
    yield sse({ type: 'response.created', response: { id: `resp_${id}`, model } });
  },

  /** What is said, and the end. */
  *finish({ id, model, usage, say, run }) {
    const item = run
      ? {
          type: 'custom_tool_call',
          id: `ctc_${id}`,
          call_id: `call_${id}`,
          name: 'exec',
          // Its one tool is a program that calls the others.
          input: `text(await tools.exec_command(${JSON.stringify({
            cmd: run,
            sandbox_permissions: 'require_escalated',
            justification: 'May I?',
          })}))`,
        }
      : {
          type: 'message',
          id: `m_${id}`,
          role: 'assistant',
          content: [{ type: 'output_text', text: say, annotations: [] }],
        };
    yield sse({ type: 'response.output_item.added', output_index: 0, item });
    if (say) yield sse({ type: 'response.output_text.delta', output_index: 0, delta: say });
    yield sse({ type: 'response.output_item.done', output_index: 0, item });
    const input = usage.input + usage.cacheRead + usage.cacheWrite;
    yield sse({
      type: 'response.completed',
      response: {
        id: `resp_${id}`,
        model,
        output: [item],
        usage: {
          input_tokens: input,
          input_tokens_details: {
            cached_tokens: usage.cacheRead,
            cache_write_tokens: usage.cacheWrite,
          },
          output_tokens: usage.output,
          output_tokens_details: { reasoning_tokens: 0 },
          total_tokens: input + usage.output,
        },
      },
    });
  },
};

const sse = (event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
