// A program on a terminal and nothing between the two: the limit. It has no sessions, so a
// program starts when a terminal is opened and ends with it.

export const bare = {
  name: 'bare PTY',
  command: 'PROGRAM',
  holds: false,
  version: () => process.platform,
  open: async () => ({
    start: async (_name, program) => ({ attach: [program], detach: '', end: async () => {} }),
    close: async () => {},
  }),
};
