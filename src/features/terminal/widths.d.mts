import type { IUnicodeVersionProvider } from '@xterm/xterm';

/** How many columns a character takes, exactly as the session's screen model counts. */
export declare const modelWidths: IUnicodeVersionProvider;
