// The palettes that there are, each with a look at it. A file can be imported, and one that is not
// wanted any more can be taken out.
import { FileUp, X } from 'lucide-react';
import { useState } from 'react';
import { paletteTokens } from '@/features/appearance';
import type { Palette } from '@/protocol/generated/protocol';
import { CommandError, type Transport } from '@/transport';
import { Button, IconButton, showNote } from '@/ui';

interface PalettesProps {
  label: string;
  palettes: Record<string, Palette>;
  transport: Transport;
  /** The one that was imported is to be used. */
  onImported(name: string): void;
  onChange(palettes: Record<string, Palette>): void;
}

export function Palettes({ label, palettes, transport, onImported, onChange }: PalettesProps) {
  const [problem, setProblem] = useState<string | null>(null);
  const names = Object.keys(palettes);
  const importFile = async () => {
    setProblem(null);
    try {
      const path = await transport.native.pickFile();
      if (path === null) return;
      const { name } = await transport.call('settings:import_palette', { path });
      onImported(name);
      showNote(`The terminals have the palette ${name} now`);
    } catch (reason) {
      setProblem(CommandError.from(reason).message);
    }
  };
  return (
    <div className="flex w-full min-w-0 flex-col items-start gap-2 text-small">
      {names.length === 0 ? (
        <p className="text-dim">There are none yet; the terminals have the theme’s colours.</p>
      ) : (
        <ul aria-label={label} className="flex w-full flex-col gap-1">
          {names.map((name) => (
            <li key={name} className="flex min-h-7 items-center gap-2.5">
              <Swatch palette={palettes[name] as Palette} />
              <span className="min-w-0 truncate text-ink select-text" title={name}>
                {name}
              </span>
              <IconButton
                label={`Take out ${name}`}
                onClick={() => {
                  const { [name]: _, ...others } = palettes;
                  onChange(others);
                }}
              >
                <X size={13} />
              </IconButton>
            </li>
          ))}
        </ul>
      )}
      <Button onClick={() => void importFile()}>
        <FileUp size={13} aria-hidden />
        Import a file…
      </Button>
      {problem !== null && (
        <p role="alert" className="break-words text-danger select-text">
          {problem}
        </p>
      )}
    </div>
  );
}

/** A palette at a glance: a letter on its background, and its eight plain colours. */
function Swatch({ palette }: { palette: Palette }) {
  const { background, foreground } = paletteTokens(palette);
  return (
    <span
      aria-hidden
      className="flex h-5 shrink-0 items-center gap-1 rounded-small border border-line px-1.5 font-mono text-tiny"
      style={{ background, color: foreground }}
    >
      Aa
      {palette.colors.slice(1, 7).map((colour, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a colour has no name but its place.
        <span key={index} className="size-2 rounded-full" style={{ background: colour }} />
      ))}
    </span>
  );
}
