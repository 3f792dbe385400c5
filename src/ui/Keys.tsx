// Keys as people see them: "Ctrl+Shift+P" as three caps.
export function Keys({ keys }: { keys: string }) {
  // A plus that is itself a key stands at the end.
  const caps = keys.split(/\+(?=.)/);
  return (
    <kbd className="inline-flex shrink-0 items-center gap-0.5 font-sans">
      {caps.map((cap) => (
        <span
          key={cap}
          className="inline-flex h-4 min-w-4 items-center justify-center rounded-small border border-line bg-surface px-1 text-tiny text-dim"
        >
          {cap}
        </span>
      ))}
    </kbd>
  );
}
