// A shell that runs nowhere: it echoes what is typed, knows a handful of commands, and keeps
// all it has put out, so that a snapshot can be made of it. For tests and for looking at the
// front end in a browser; never part of a build.

const CYAN = '\x1b[36m';
const DIM = '\x1b[2m';
const PLAIN = '\x1b[0m';
const PASTE_BEGINS = '\x1b[200~';
const PASTE_ENDS = '\x1b[201~';

export class FakeShell {
  #output = '';
  #line = '';

  /**
   * `write` is told new output, `exit` the exit code. One that `answers` takes what it does not
   * know as a prompt.
   */
  constructor(
    private readonly folder: string,
    private readonly write: (text: string) => void,
    private readonly exit: (code: number) => void,
    private readonly answers = false,
  ) {}

  start(): void {
    this.#print(this.#prompt());
  }

  /** Everything it has put out so far. */
  get output(): string {
    return this.#output;
  }

  type(data: string): void {
    for (const key of data.replaceAll(PASTE_BEGINS, '').replaceAll(PASTE_ENDS, '')) this.#key(key);
  }

  #key(key: string): void {
    if (key === '\r') {
      const line = this.#line.trim();
      this.#line = '';
      this.#print('\r\n');
      this.#run(line);
    } else if (key === '\x7f') {
      if (this.#line === '') return;
      this.#line = this.#line.slice(0, -1);
      this.#print('\b \b');
    } else if (key === '\x03') {
      this.#line = '';
      this.#print(`^C\r\n${this.#prompt()}`);
    } else if (key >= ' ') {
      this.#line += key;
      this.#print(key);
    }
  }

  #run(line: string): void {
    const [command = '', ...words] = line.split(/\s+/);
    if (command === 'exit') {
      this.exit(Number(words[0] ?? 0));
      return;
    }
    if (command === 'echo') this.#print(`${words.join(' ')}\r\n`);
    else if (command === 'clear') this.#print('\x1b[H\x1b[2J');
    else if (command === 'colours') this.#print(colours());
    else if (command === 'lines') this.#print(lines(Number(words[0] ?? 100)));
    else if (command !== '' && this.answers) this.#print('● I am on it.\r\n');
    else if (command !== '') this.#print(`${command}: command not found\r\n`);
    this.#print(this.#prompt());
  }

  #prompt(): string {
    return `${CYAN}${this.folder}${PLAIN} ${DIM}❯${PLAIN} `;
  }

  #print(text: string): void {
    this.#output += text;
    this.write(text);
  }
}

function colours(): string {
  const cell = (code: number) => `\x1b[${code}m ${String(code).padStart(3)} ${PLAIN}`;
  const row = (from: number) =>
    Array.from({ length: 8 }, (_, index) => cell(from + index)).join('');
  return `${[30, 90, 40, 100].map(row).join('\r\n')}\r\n\x1b[1mbold\x1b[0m \x1b[3mitalic\x1b[0m \x1b[4munderline\x1b[0m ┌─┬─┐ ▁▂▃▄▅▆▇█ 日本語 🚀\r\n`;
}

function lines(count: number): string {
  return Array.from({ length: count }, (_, index) => `line ${index + 1}\r\n`).join('');
}
