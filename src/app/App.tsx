// The window: bar, sidebar, grid or home, status line, and what lies over them.
import { useEffect, useMemo, useRef } from 'react';
import { useStore } from 'zustand';
import { BroadcastFrame, LiveFrame, LiveSwitch } from '@/features/broadcast';
import { ClosingSheet } from '@/features/closing';
import { CommandBar, QueueBadge } from '@/features/command-bar';
import { CostBadge, CostSheet } from '@/features/cost';
import { BranchSheet, OverlapMark, ReviewButton, WorktreesSheet } from '@/features/git';
import { Grid, type PaneMarks } from '@/features/grid';
import { PastView, SearchSheet } from '@/features/history';
import { Before, Home, Projects, SavedLayouts } from '@/features/home';
import { KeyboardContext, useKeysOf } from '@/features/keyboard';
import { LayoutsSheet, lastOpen, SaveSheet } from '@/features/layouts';
import { ReviewSheet, receiverOf } from '@/features/review';
import { panesOf } from '@/features/sessions';
import { SettingsSheet } from '@/features/settings';
import { BellLight, BellMark } from '@/features/terminal';
import { Ghost, tabId } from '@/features/workspaces';
import { later, Sheet, showNote, Toaster, TooltipProvider } from '@/ui';
import { Bar, WORKSPACE_ID } from './Bar';
import { CloseWorkspace } from './CloseWorkspace';
import { ConnectionBar } from './ConnectionBar';
import { listenToKeys } from './keymap';
import { LostOffer } from './LostOffer';
import { Palette } from './Palette';
import { Sidebar } from './Sidebar';
import { StatusLine } from './StatusLine';
import type { Synk } from './synk';
import { Waiting } from './Waiting';

const KeyOverlay = later(() => import('./KeyOverlay'));

const HINTS = [
  { name: 'New shell', action: 'pane.new' },
  { name: 'Every action', action: 'palette' },
  { name: 'Leave a terminal', action: 'terminal.leave' },
];

export function App({ synk }: { synk: Synk }) {
  return (
    <KeyboardContext value={synk.keyboard}>
      <Page synk={synk} />
    </KeyboardContext>
  );
}

function Page({ synk }: { synk: Synk }) {
  useEffect(() => listenToKeys(synk), [synk]);
  // Lists come many times a second; each part takes from them what it shows.
  const listed = useStore(synk.sessions.store, (state) => state.loaded);
  const shown = useStore(synk.workspaces.store, (state) => state.shown);
  const tabs = useStore(synk.workspaces.store, (state) => state.workspaces.length);
  // Terminals that opened without their settings would be opened twice.
  const known = useStore(
    synk.settings.store,
    ({ settings, problem }) => settings !== null || problem !== null,
  );
  const loaded = listed && tabs > 0 && known;
  const connected = useStore(synk.sessions.store, ({ connection }) => connection === 'connected');
  const count = useStore(synk.sessions.store, ({ sessions }) => panesOf(sessions, shown).length);
  const sidebar = useStore(synk.chrome, (state) => state.sidebar);
  const inPast = useStore(synk.past.store, ({ hits }) => hits.length > 0);
  const marks = useMemo(() => marksOf(synk), [synk]);
  // What lies under the past takes no keyboard until the past is gone from the screen.
  useEffect(() => {
    if (inPast) return () => synk.restoreKeyboard();
  }, [inPast, synk]);

  return (
    <TooltipProvider>
      <div className="flex h-full flex-col bg-canvas text-ink">
        <Bar synk={synk} />
        <div className="flex min-h-0 flex-1">
          {sidebar && <Sidebar synk={synk} />}
          <main className="relative grid min-h-0 min-w-0 flex-1">
            {!loaded && <Waiting synk={synk} />}
            <div
              id={WORKSPACE_ID}
              className="grid min-h-0 min-w-0"
              inert={inPast}
              {...(tabs > 1 && { role: 'tabpanel', 'aria-labelledby': tabId(shown) })}
            >
              {loaded && count === 0 && <HomePage synk={synk} />}
              {loaded && count > 0 && (
                <Grid
                  sessions={synk.sessions}
                  terminals={synk.terminals}
                  view={synk.grid}
                  carry={synk.desk.carry}
                  marks={marks}
                />
              )}
            </div>
            <BroadcastFrame
              broadcast={synk.broadcast}
              composer={synk.composer}
              count={count}
              onSend={(submit) => void synk.sendToAll(submit)}
              onChoose={() => synk.openCommandBar()}
              onDisarm={() => synk.disarmBroadcast()}
            />
            <PastView
              past={synk.past}
              transport={synk.transport}
              style={synk.terminals.style}
              onClose={() => synk.past.close()}
            />
          </main>
        </div>
        {loaded && <LostOffer synk={synk} />}
        {loaded && !connected ? <ConnectionBar synk={synk} /> : <StatusLine synk={synk} />}
      </div>
      <Palette synk={synk} />
      <KeysPage synk={synk} />
      <History synk={synk} />
      <SettingsPage synk={synk} />
      <Commands synk={synk} />
      <CostPage synk={synk} />
      <Branches synk={synk} />
      <Review synk={synk} />
      <LayoutPages synk={synk} />
      <CloseWorkspace synk={synk} />
      <ClosingSheet closing={synk.closing} onClosed={() => synk.restoreKeyboard()} />
      <Ghost carry={synk.desk.carry} />
      <Messages synk={synk} />
    </TooltipProvider>
  );
}

function HomePage({ synk }: { synk: Synk }) {
  const keysOf = useKeysOf();
  const agents = useStore(synk.sessions.store, (state) => state.agents);
  const homeDir = useStore(synk.sessions.store, (state) => state.homeDir);
  const current = useStore(synk.projects, (state) => state.current);
  const hasPanes = useStore(synk.sessions.store, ({ sessions }) => panesOf(sessions).length > 0);
  const { layouts } = synk;
  const saved = useStore(layouts.store, (state) => state.saved);
  const canBringBack = !hasPanes && lastOpen(saved) !== undefined;
  useEffect(() => void layouts.load(), [layouts]);
  return (
    <Home
      agents={agents}
      homeDir={homeDir}
      path={current ?? homeDir}
      hints={HINTS.map(({ name, action }) => ({ name, keys: keysOf(action) }))}
      // Where something is open there is nothing to bring back.
      canBringBack={canBringBack}
      before={!hasPanes && <Before layouts={layouts} agents={agents} homeDir={homeDir} />}
      onCreate={(agentType) => void synk.create(agentType)}
    >
      <Projects
        projects={synk.projects}
        branches={synk.branches}
        homeDir={homeDir}
        onPickFolder={() => void synk.pickFolder()}
      />
      <SavedLayouts
        layouts={layouts}
        agents={agents}
        onShowAll={() => synk.chrome.setState({ sheet: 'layouts' })}
      />
    </Home>
  );
}

/** The layouts that there are, and saving one. */
function LayoutPages({ synk }: { synk: Synk }) {
  const sheet = useStore(synk.chrome, (state) => state.sheet);
  const agents = useStore(synk.sessions.store, (state) => state.agents);
  const homeDir = useStore(synk.sessions.store, (state) => state.homeDir);
  const panes = useStore(synk.sessions.store, ({ sessions }) => panesOf(sessions).length);
  const tabs = useStore(synk.workspaces.store, (state) => state.workspaces.length);
  const what = `${panes} ${panes === 1 ? 'pane' : 'panes'}`;
  const close = () => synk.chrome.setState({ sheet: null });
  return (
    <>
      <LayoutsSheet
        open={sheet === 'layouts'}
        layouts={synk.layouts}
        agents={agents}
        homeDir={homeDir}
        canSave={panes > 0}
        onSave={() => synk.chrome.setState({ sheet: 'save-layout' })}
        onClose={close}
        onClosed={() => {
          synk.layouts.forget();
          synk.restoreKeyboard();
        }}
      />
      <SaveSheet
        open={sheet === 'save-layout'}
        layouts={synk.layouts}
        what={tabs > 1 ? `${what} in ${tabs} workspaces` : what}
        onSaved={(name) => {
          // It may be done only when something else is on show.
          synk.chrome.setState((now) => (now.sheet === 'save-layout' ? { sheet: null } : {}));
          showNote(name === '' ? 'Layout saved' : `Layout ${name} saved`);
        }}
        onLost={(message) => synk.report(new Error(`The layout was not saved: ${message}`))}
        onClose={close}
        onClosed={() => synk.restoreKeyboard()}
      />
    </>
  );
}

/** The search over all sessions. What was chosen is shown once its sheet is gone. */
function History({ synk }: { synk: Synk }) {
  const open = useStore(synk.chrome, ({ sheet }) => sheet === 'search');
  const chosen = useRef<number>(null);
  const close = () => synk.chrome.setState({ sheet: null });
  return (
    <SearchSheet
      open={open}
      search={synk.search}
      onOpen={(index) => {
        chosen.current = index;
        close();
      }}
      onClose={close}
      onClosed={() => {
        synk.restoreKeyboard();
        const index = chosen.current;
        chosen.current = null;
        if (index !== null) void synk.goTo(index);
      }}
    />
  );
}

function KeysPage({ synk }: { synk: Synk }) {
  const open = useStore(synk.chrome, ({ sheet }) => sheet === 'keys');
  return (
    <Sheet
      open={open}
      title="Keys"
      wide
      onClose={() => synk.chrome.setState({ sheet: null })}
      onClosed={() => synk.restoreKeyboard()}
    >
      <KeyOverlay synk={synk} />
    </Sheet>
  );
}

function SettingsPage({ synk }: { synk: Synk }) {
  const open = useStore(synk.chrome, ({ sheet }) => sheet === 'settings');
  return (
    <SettingsSheet
      open={open}
      settings={synk.settings}
      pool={synk.pool}
      keyboard={synk.keyboard}
      transport={synk.transport}
      onClose={() => synk.chrome.setState({ sheet: null })}
      onClosed={() => synk.restoreKeyboard()}
    />
  );
}

function Commands({ synk }: { synk: Synk }) {
  const open = useStore(synk.chrome, ({ sheet }) => sheet === 'command');
  const sessions = useStore(synk.sessions.store, (state) => state.sessions);
  const shown = useStore(synk.workspaces.store, (state) => state.shown);
  const panes = useMemo(() => panesOf(sessions, shown), [sessions, shown]);
  const focused = useStore(synk.grid.store, (state) => state.focused);
  return (
    <CommandBar
      open={open}
      composer={synk.composer}
      deliveries={synk.deliveries}
      panes={panes}
      focused={focused}
      onSend={(submit) => void synk.send(submit)}
      onTypeLive={(sessionIds) => synk.typeLive(sessionIds)}
      onClose={() => synk.chrome.setState({ sheet: null })}
      onClosed={() => synk.restoreKeyboard()}
    />
  );
}

function CostPage({ synk }: { synk: Synk }) {
  const open = useStore(synk.chrome, ({ sheet }) => sheet === 'costs');
  const agents = useStore(synk.sessions.store, (state) => state.agents);
  const homeDir = useStore(synk.sessions.store, (state) => state.homeDir);
  return (
    <CostSheet
      open={open}
      costs={synk.costs}
      agents={agents}
      homeDir={homeDir}
      native={synk.transport.native}
      onClose={() => synk.chrome.setState({ sheet: null })}
      onClosed={() => synk.restoreKeyboard()}
    />
  );
}

/** Asking for a branch, and the worktrees that there are. */
function Branches({ synk }: { synk: Synk }) {
  const sheet = useStore(synk.chrome, (state) => state.sheet);
  const sessions = useStore(synk.sessions.store, (state) => state.sessions);
  const agents = useStore(synk.sessions.store, (state) => state.agents);
  const homeDir = useStore(synk.sessions.store, (state) => state.homeDir);
  const toBe = {
    onClose: () => synk.chrome.setState({ sheet: null }),
    onClosed: () => synk.restoreKeyboard(),
  };
  return (
    <>
      <BranchSheet
        open={sheet === 'branch'}
        form={synk.newBranch}
        agents={agents}
        homeDir={homeDir}
        {...toBe}
        // It may be done only when something else is on show.
        onClose={() =>
          synk.chrome.setState((now) => (now.sheet === 'branch' ? { sheet: null } : {}))
        }
      />
      <WorktreesSheet
        open={sheet === 'worktrees'}
        worktrees={synk.worktrees}
        sessions={sessions}
        homeDir={homeDir}
        onGoTo={(sessionId) => void synk.goToSession(sessionId)}
        {...toBe}
      />
    </>
  );
}

function Review({ synk }: { synk: Synk }) {
  const open = useStore(synk.chrome, ({ sheet }) => sheet === 'review');
  const shown = useStore(synk.reviews.store, (state) => state.sessionId);
  const sessions = useStore(synk.sessions.store, (state) => state.sessions);
  const session = sessions.find(({ sessionId }) => sessionId === shown);
  // A session that is gone leaves nothing to be reviewed.
  const isGone = open && session === undefined;
  useEffect(() => {
    if (isGone) synk.chrome.setState({ sheet: null });
  }, [isGone, synk]);
  return (
    <ReviewSheet
      open={open}
      reviews={synk.reviews}
      session={session}
      receiver={session ? receiverOf(session, sessions) : null}
      onCopy={(text) => void synk.copyText(text)}
      onClose={() => synk.chrome.setState({ sheet: null })}
      onClosed={() => synk.restoreKeyboard()}
    />
  );
}

function Messages({ synk }: { synk: Synk }) {
  return <Toaster raised={useStore(synk.chrome, ({ sheet }) => sheet === 'review')} />;
}

/** What the features have to say in each pane. */
function marksOf(synk: Synk): PaneMarks {
  return {
    header: (session) => (
      <>
        {session.branch !== null && (
          <>
            <OverlapMark
              sessionId={session.sessionId}
              overlaps={synk.overlaps}
              sessionOf={(sessionId) => synk.sessionOf(sessionId)}
              onGoTo={(sessionId) => void synk.goToSession(sessionId)}
              onReview={(sessionId) => synk.review(sessionId)}
              onClosed={() => synk.restoreKeyboard()}
            />
            <ReviewButton
              sessionId={session.sessionId}
              name={session.name}
              changes={synk.changes}
              onReview={() => synk.review(session.sessionId)}
            />
          </>
        )}
        <LiveSwitch live={synk.live} sessionId={session.sessionId} name={session.name} />
        <QueueBadge
          session={session}
          transport={synk.transport}
          onClosed={() => synk.restoreKeyboard()}
        />
        <BellMark bells={synk.terminals.bells} sessionId={session.sessionId} />
        <CostBadge cost={session.cost} isAgent={session.agentType !== 'terminal'} />
      </>
    ),
    over: ({ sessionId }) => (
      <>
        <LiveFrame live={synk.live} sessionId={sessionId} />
        <BellLight bells={synk.terminals.bells} sessionId={sessionId} />
      </>
    ),
  };
}
