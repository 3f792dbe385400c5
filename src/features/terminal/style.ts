// How the terminals look and behave by the settings, for those that are on the screen and those
// that come. What each setting means for xterm is said here and nowhere else.
import type { ITerminalOptions, ITheme } from '@xterm/xterm';
import { createStore, type StoreApi } from 'zustand/vanilla';
import {
  type AppearanceSettings,
  DEFAULT_SETTINGS,
  type SynkSettings,
  type TerminalPalette,
  type TerminalSettings,
} from '@/protocol/generated/protocol';
import { fontFamily, terminalPalette, terminalTheme } from './appearance';

/** Options of xterm that the settings decide. */
type Options = Required<
  Pick<
    ITerminalOptions,
    | 'fontFamily'
    | 'fontSize'
    | 'lineHeight'
    | 'cursorStyle'
    | 'cursorBlink'
    | 'scrollback'
    | 'screenReaderMode'
  >
>;

export interface Style extends Pick<TerminalSettings, 'bell' | 'renderer' | 'copyOnSelect'> {
  options: Options;
  theme: ITheme;
  /** What programs are told that ask for the colours. */
  palette: TerminalPalette | undefined;
  /** Nothing moves. */
  still: boolean;
}

export class TerminalStyle {
  readonly store: StoreApi<Style> = createStore(() => styleOf(DEFAULT_SETTINGS, false));

  /** `known` settles when the settings have come, or cannot come now; no terminal opens sooner. */
  constructor(readonly known: Promise<void> = Promise.resolve()) {}

  /** Takes over what the settings say and the colours that the page has now. */
  follow(settings: Pick<SynkSettings, 'appearance' | 'terminal'>, still: boolean): void {
    const before = this.store.getState();
    const now = styleOf(settings, still);
    // What is as it was stays the same object, so that nobody draws or attaches again for it.
    const theme = isSame(now.theme, before.theme) ? before.theme : now.theme;
    const palette = isSame(now.palette, before.palette) ? before.palette : now.palette;
    const options = isSame(now.options, before.options) ? before.options : now.options;
    this.store.setState({ ...now, theme, palette, options });
  }
}

function styleOf(
  { appearance, terminal }: Pick<SynkSettings, 'appearance' | 'terminal'>,
  still: boolean,
): Style {
  const { bell, renderer, copyOnSelect, screenReader } = terminal;
  const options = { ...optionsOf(appearance, still), screenReaderMode: screenReader };
  const [theme, palette] = [terminalTheme(), terminalPalette()];
  return { bell, renderer, copyOnSelect, options, theme, palette, still };
}

function optionsOf(appearance: AppearanceSettings, still: boolean) {
  const { fontSize, lineHeight, cursor, cursorBlink, scrollback } = appearance;
  return {
    fontFamily: fontFamily(appearance.fontFamily),
    fontSize,
    lineHeight: lineHeight / 100,
    cursorStyle: cursor,
    cursorBlink: cursorBlink && !still,
    scrollback,
  };
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
