// The Gemini API, as much of it as Gemini CLI uses: what a request asks, and an answer as
// server-sent events.

const parts = (content) => content?.parts ?? [];

export const gemini = {
  matches: (path) => path.startsWith('/v1beta/'),

  /** The turn that is asked for; nothing when it is another question. */
  read(path, body) {
    if (!path.includes('GenerateContent') && !path.includes('generateContent')) return null;
    const asks = (body.contents ?? []).filter((content) => content.role === 'user');
    const last = parts(asks.at(-1));
    return {
      own: (body.tools ?? []).length === 0,
      // Before it may stand what the agent itself has to say.
      prompt: last.findLast((part) => part.text !== undefined)?.text ?? '',
      result: last.some((part) => part.functionResponse),
    };
  },

  /** What else it asks. */
  other: (path) => (path.includes('countTokens') ? { totalTokens: 10 } : {}),

  /** What is not told of. */
  never: { cacheWrite: 0 },

  contentType: 'text/event-stream',

  /** Nothing is sent before something is said. */
  *begin() {},

  /** What is said, and the end. */
  *finish({ model, usage, say, run }) {
    const part = run
      ? { functionCall: { name: 'run_shell_command', args: { command: run } } }
      : { text: say };
    const prompt = usage.input + usage.cacheRead;
    const answer = {
      candidates: [{ content: { role: 'model', parts: [part] }, finishReason: 'STOP', index: 0 }],
      modelVersion: model,
      usageMetadata: {
        promptTokenCount: prompt,
        cachedContentTokenCount: usage.cacheRead,
        candidatesTokenCount: usage.output,
        totalTokenCount: prompt + usage.output,
      },
    };
    yield `data: ${JSON.stringify(answer)}\n\n`;
  },
};
