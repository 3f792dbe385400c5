// How the window looks, and the palettes of its terminals.
export { type Look, WindowLook } from './look';
export { ANSI_COLOURS, paletteTokens, rgb } from './palette';
