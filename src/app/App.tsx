// The window: bar, sidebar, grid or home, status line, and what lies over them.
import { useEffect, useMemo } from 'react';
import { useStore } from 'zustand';
import { Grid } from '@/features/grid';
import { Home } from '@/features/home';
import { panesOf } from '@/features/sessions';
import { Toaster, TooltipProvider } from '@/ui';
import { keysOf } from './actions';
import { Bar } from './Bar';
import { ConnectionBar } from './ConnectionBar';
import { KeyOverlay } from './KeyOverlay';
import { listenToKeys } from './keymap';
import { Palette } from './Palette';
import { Sidebar } from './Sidebar';
import { StatusLine } from './StatusLine';
import type { Synk } from './synk';
import { Waiting } from './Waiting';

const HINTS = [
  { name: 'New shell', keys: keysOf('pane.new') },
  { name: 'Every action', keys: keysOf('palette') },
  { name: 'Leave a terminal', keys: keysOf('terminal.leave') },
];

export function App({ synk }: { synk: Synk }) {
  useEffect(() => listenToKeys(synk), [synk]);
  const { sessions, agents, homeDir, loaded, connection } = useStore(synk.sessions.store);
  const connected = connection === 'connected';
  const sidebar = useStore(synk.chrome, (state) => state.sidebar);
  const empty = useMemo(() => panesOf(sessions).length === 0, [sessions]);

  return (
    <TooltipProvider>
      <div className="flex h-full flex-col bg-canvas text-ink">
        <Bar synk={synk} />
        <div className="flex min-h-0 flex-1">
          {sidebar && <Sidebar synk={synk} />}
          <main className="grid min-h-0 min-w-0 flex-1">
            {!loaded && <Waiting synk={synk} />}
            {loaded && empty && (
              <Home
                agents={agents}
                homeDir={homeDir}
                projects={synk.projects}
                hints={HINTS}
                onCreate={(agentType) => void synk.create(agentType)}
                onPickFolder={() => void synk.pickFolder()}
              />
            )}
            {loaded && !empty && (
              <Grid sessions={synk.sessions} terminals={synk.terminals} view={synk.grid} />
            )}
          </main>
        </div>
        {loaded && !connected ? <ConnectionBar synk={synk} /> : <StatusLine synk={synk} />}
      </div>
      <Palette synk={synk} />
      <KeyOverlay synk={synk} />
      <Toaster />
    </TooltipProvider>
  );
}
