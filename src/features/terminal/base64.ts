// Bytes out of base64 text, the fastest way that the web view has.

interface Base64Decoder {
  fromBase64?: (text: string) => Uint8Array;
}

/** Throws a SyntaxError or DOMException when `text` is not base64. */
export function decodeBase64(text: string): Uint8Array {
  const native = (Uint8Array as unknown as Base64Decoder).fromBase64;
  if (native) return native.call(Uint8Array, text);
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let index = 0; index < binary.length; index += 1) bytes[index] = binary.charCodeAt(index);
  return bytes;
}
