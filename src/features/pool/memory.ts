// Memory as people read it.

const MIB = 1 << 20;

/** "7.4 MiB", "148 MiB", "1.2 GiB". */
export function readableMemory(bytes: number): string {
  const mib = bytes / MIB;
  if (mib >= 1024) return `${(mib / 1024).toFixed(1)} GiB`;
  return `${mib.toFixed(mib < 100 ? 1 : 0)} MiB`;
}
