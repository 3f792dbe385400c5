// Everything that the window is made of, put together once: the transport, the stores over
// it, and what a person can do that takes more than one of them. Plain TypeScript; React
// binds to the stores.
import { WindowLook } from '@/features/appearance';
import { markSeen, Notifier } from '@/features/attention';
import { Broadcast, LiveTyping } from '@/features/broadcast';
import { Closing } from '@/features/closing';
import { Composer, Deliveries } from '@/features/command-bar';
import { Costs } from '@/features/cost';
import { type BranchRequest, Changes, NewBranch, Overlaps, Worktrees } from '@/features/git';
import { GridView } from '@/features/grid';
import { HistorySearch, Past } from '@/features/history';
import { ProjectBranches } from '@/features/home';
import { Keyboard } from '@/features/keyboard';
import { Layouts } from '@/features/layouts';
import { Pool } from '@/features/pool';
import { chooseProject, createProjects, type ProjectsStore } from '@/features/projects';
import { Reviews } from '@/features/review';
import { offeredAgents, panesOf, Sessions } from '@/features/sessions';
import { Settings } from '@/features/settings';
import { TerminalStyle, Terminals } from '@/features/terminal';
import { Workspaces } from '@/features/workspaces';
import type { AgentType, SearchHit, SessionInfo } from '@/protocol/generated/protocol';
import type { Transport } from '@/transport';
import { type NoteAction, showNote } from '@/ui';
import { actionsOf } from './actions';
import { Arrivals } from './arrivals';
import { createChrome } from './chrome';
import { Desk } from './desk';
import { followSettings } from './follow-settings';
import { WindowGaze } from './gaze';

export class Synk {
  readonly sessions: Sessions;
  readonly terminals: Terminals;
  readonly workspaces: Workspaces;
  readonly grid: GridView;
  readonly desk = new Desk(this);
  readonly arrivals = new Arrivals(this);
  readonly projects: ProjectsStore;
  readonly search: HistorySearch;
  readonly pool: Pool;
  readonly settings: Settings;
  readonly look: WindowLook;
  readonly keyboard = new Keyboard(() => actionsOf(this));
  readonly past = new Past();
  readonly deliveries: Deliveries;
  readonly composer: Composer;
  readonly broadcast = new Broadcast();
  readonly live: LiveTyping;
  readonly costs: Costs;
  readonly newBranch: NewBranch;
  readonly worktrees: Worktrees;
  readonly overlaps: Overlaps;
  readonly changes: Changes;
  readonly reviews: Reviews;
  readonly layouts: Layouts;
  readonly closing: Closing;
  readonly branches: ProjectBranches;
  readonly gaze: WindowGaze;
  readonly chrome = createChrome();
  readonly #notifier: Notifier;

  constructor(
    readonly transport: Transport,
    /** Shows a failure to the person. */
    readonly report: (reason: unknown, action?: NoteAction) => void,
  ) {
    this.settings = new Settings(transport, report);
    this.look = new WindowLook(transport.native, report);
    this.sessions = new Sessions(transport, report);
    this.terminals = new Terminals(transport, new TerminalStyle(this.settings.known));
    this.workspaces = new Workspaces(transport, report);
    this.grid = new GridView(
      this.sessions,
      this.terminals,
      this.workspaces,
      () => this.restoreKeyboard(),
      () => this.layouts.isRestoring(),
    );
    this.projects = createProjects();
    this.search = new HistorySearch(transport);
    this.pool = new Pool(transport);
    this.deliveries = new Deliveries(
      transport,
      (sessionId) => this.sessionOf(sessionId)?.name ?? `session ${sessionId}`,
      (reason, inRound) => {
        const isOnShow = inRound && this.chrome.getState().sheet === 'command';
        if (!isOnShow) report(reason);
      },
    );
    this.composer = new Composer(this.deliveries);
    this.live = new LiveTyping(this.sessions, this.terminals);
    this.costs = new Costs(transport);
    this.newBranch = new NewBranch(
      transport,
      (request) => this.#createOnBranch(request),
      (reason) => {
        if (this.chrome.getState().sheet !== 'branch') report(reason);
      },
    );
    this.worktrees = new Worktrees(transport, showNote, report);
    this.overlaps = new Overlaps(transport);
    this.changes = new Changes(transport, this.sessions);
    this.reviews = new Reviews(transport, {
      note: showNote,
      error: report,
      nameOf: (sessionId) => this.sessionOf(sessionId)?.name ?? `session ${sessionId}`,
      isOnShow: (sessionId) =>
        this.chrome.getState().sheet === 'review' &&
        this.reviews.store.getState().sessionId === sessionId,
    });
    this.layouts = new Layouts(
      transport,
      (restored) => this.arrivals.goToRestored(restored),
      (reason) => {
        const isOnShow = this.chrome.getState().sheet === 'layouts' || this.panes().length === 0;
        if (!isOnShow) report(reason);
      },
    );
    this.branches = new ProjectBranches(transport);
    this.closing = new Closing(
      transport,
      {
        sessions: this.sessions,
        layouts: this.layouts,
        setting: () => this.settings.store.getState().settings?.general.closing ?? null,
        flush: () => this.workspaces.flush(),
      },
      report,
    );
    this.gaze = new WindowGaze(this.grid, this.past);
    this.#notifier = new Notifier(
      transport,
      this.sessions,
      this.gaze,
      () => this.settings.store.getState().settings?.notifications ?? null,
    );
  }

  /** Listens to the daemon and fills the stores. The result ends it. */
  start(): () => void {
    const leave = [
      followSettings(this),
      // Asked in the order in which the first frame needs them.
      this.settings.start(),
      this.sessions.start(),
      this.workspaces.start(),
      this.grid.start(),
      this.desk.start(),
      this.layouts.start(),
      this.closing.start(),
      this.arrivals.start(),
      this.pool.start(),
      this.deliveries.start(),
      this.live.start(),
      this.costs.start(),
      this.overlaps.start(),
      this.changes.start(),
      this.sessions.onClose((session) => this.#keepWorktree(session)),
      this.gaze.start(),
      markSeen(this.transport, this.sessions, this.gaze),
      this.#notifier.start(),
      this.transport.native.onNotificationClick((sessionId) => void this.goToSession(sessionId)),
      this.#leavePast(),
      this.#leaveEmptyGrid(),
    ];
    return () => {
      for (const end of leave) end();
    };
  }

  /** Opens a pane in the current project and gives it the keyboard. */
  async create(agentType: AgentType): Promise<void> {
    const { current } = this.projects.getState();
    const projectPath = current ?? this.sessions.store.getState().homeDir;
    if (projectPath === null) return;
    try {
      const { shown: workspaceId } = this.workspaces.store.getState();
      const size = this.grid.nextTerminalSize();
      const session = { agentType, projectPath, workspaceId, ...size };
      this.#focusNew(await this.sessions.create(session), workspaceId);
      chooseProject(this.projects, projectPath, current);
    } catch (reason) {
      this.desk.reportFull(reason, () => this.create(agentType));
    }
  }

  /** Asks for a pane on a branch of its own. */
  askForBranch(): void {
    const projectPath = this.projects.getState().current ?? this.sessions.store.getState().homeDir;
    if (projectPath === null) return;
    const found = offeredAgents(this.sessions.store.getState().agents)
      .filter(({ info }) => info !== undefined && info.path !== null)
      .map(({ agentType }) => agentType);
    // A shell comes first where agents are offered; on a branch of its own an agent works.
    const agents = found.filter((each) => each !== 'terminal');
    this.newBranch.begin(projectPath, [...agents, 'terminal']);
    this.chrome.setState({ sheet: 'branch' });
  }

  /** Opens the review of what a session has changed. */
  review(sessionId: number): void {
    this.reviews.show(sessionId);
    this.chrome.setState({ sheet: 'review' });
  }

  async close(sessionId: number): Promise<void> {
    await this.grid.close(sessionId).catch(this.report);
  }

  async restart(sessionId: number): Promise<void> {
    await this.sessions.restart(sessionId).catch(this.report);
  }

  /** Runs every session again that was lost. */
  async runLost(): Promise<void> {
    await Promise.all(this.lost().map(({ sessionId }) => this.restart(sessionId)));
  }

  lost() {
    return this.sessions.store.getState().sessions.filter(({ state }) => state === 'lost');
  }

  /** Moves the focus to a pane, in whichever workspace, which is to be seen as it is now. */
  select(sessionId: number): void {
    this.past.close();
    const session = this.sessionOf(sessionId);
    if (session) this.workspaces.show(session.workspaceId);
    this.grid.focus(sessionId);
  }

  /** Moves the focus to a session, which gets a pane if it has none. */
  async goToSession(sessionId: number): Promise<void> {
    const session = this.sessionOf(sessionId);
    if (!session) return;
    this.chrome.setState({ sheet: null });
    if (session.paneIndex === null) await this.show(sessionId);
    else this.select(sessionId);
  }

  sessionOf(sessionId: number): SessionInfo | undefined {
    return this.sessions.store.getState().sessions.find((each) => each.sessionId === sessionId);
  }

  /** The sessions of a workspace's grid, by default of the one on show, in the order of panes. */
  panes(workspaceId = this.workspaces.store.getState().shown) {
    return panesOf(this.sessions.store.getState().sessions, workspaceId);
  }

  /** Those of all workspaces. */
  allPanes() {
    return panesOf(this.sessions.store.getState().sessions);
  }

  toggleCommandBar(): void {
    if (this.chrome.getState().sheet === 'command') this.chrome.setState({ sheet: null });
    else this.openCommandBar();
  }

  /** Opens the command bar for the focused pane, or while broadcast is armed for all. */
  openCommandBar(): void {
    const { focused } = this.grid.store.getState();
    const all = this.panes().map(({ sessionId }) => sessionId);
    const targets = this.broadcast.armed ? all : all.filter((each) => each === focused);
    this.deliveries.leave(all);
    this.composer.choose(targets);
    this.chrome.setState({ sheet: 'command' });
  }

  /** Sends what is written to the panes that are chosen. `submit`: press Enter after it. */
  async send(submit: boolean): Promise<void> {
    const there = this.panes().map(({ sessionId }) => sessionId);
    if (await this.composer.send(submit, there)) this.broadcast.disarm();
  }

  /** The next prompt goes to all panes. Asked for a second time, the program gets the key. */
  armBroadcast(): void {
    if (!this.broadcast.armed) {
      this.past.close();
      this.broadcast.arm();
      return;
    }
    this.disarmBroadcast();
    // Another key would have meant something else to it.
    if (this.keyboard.keysOf('broadcast') !== 'Ctrl+b') return;
    void this.#focusedTerminal()?.receive({ kind: 'keys', data: '\x02' });
  }

  disarmBroadcast(): void {
    this.broadcast.disarm();
    this.restoreKeyboard();
  }

  /** Sends what is written to every pane, and shows what becomes of it in the command bar. */
  async sendToAll(submit: boolean): Promise<void> {
    if (this.composer.store.getState().text.trim() === '') return;
    this.composer.choose(this.panes().map(({ sessionId }) => sessionId));
    this.chrome.setState({ sheet: 'command' });
    await this.send(submit);
  }

  /** What is typed into one of these goes to all of them. */
  typeLive(sessionIds: number[]): void {
    if (sessionIds.length < 2) return;
    this.chrome.setState({ sheet: null });
    const { focused } = this.grid.store.getState();
    const [first] = sessionIds;
    // Whoever chose panes is about to type into them, and not into another one.
    if (first !== undefined && !sessionIds.includes(focused ?? -1)) this.select(first);
    this.live.begin(sessionIds);
  }

  /** Whether a sheet is open, which then has the keyboard. */
  hasSheet(): boolean {
    return (
      this.chrome.getState().sheet !== null ||
      this.desk.store.getState().closing !== null ||
      this.closing.store.getState().phase !== 'open'
    );
  }

  /** Puts the keyboard back where it was before a menu or a sheet took it. */
  restoreKeyboard(): void {
    if (this.hasSheet()) return;
    if (this.past.isOpen()) this.past.region?.focus();
    else if (this.broadcast.armed && this.broadcast.field) this.broadcast.field.focus();
    else this.grid.takeKeyboard();
  }

  /** Shows a line that was found: in its pane while it is still there, else as it once was. */
  async goTo(index: number): Promise<void> {
    const { hits } = this.search.store.getState();
    const hit = hits[index];
    if (hit && !(await this.#reveal(hit))) this.past.open(hits, index);
  }

  /** Gives a background session a pane and the keyboard. Resolves to whether that worked. */
  async show(sessionId: number): Promise<boolean> {
    try {
      const { shown } = this.workspaces.store.getState();
      await this.sessions.show(sessionId, shown);
      this.#focusNew(sessionId, shown);
      return true;
    } catch (reason) {
      this.desk.reportFull(reason, () => this.show(sessionId));
      return false;
    }
  }

  async pickFolder(): Promise<void> {
    try {
      const path = await this.transport.native.pickFolder();
      if (path !== null) chooseProject(this.projects, path);
    } catch (reason) {
      this.report(reason);
    }
  }

  /** Copies what is selected in the focused terminal; nothing when nothing is. */
  async copy(): Promise<void> {
    const text = this.#focusedTerminal()?.selection();
    if (!text) return;
    await this.transport.native.writeClipboard(text).catch(this.report);
  }

  async copyText(text: string): Promise<void> {
    try {
      await this.transport.native.writeClipboard(text);
      showNote('Copied');
    } catch (reason) {
      this.report(reason);
    }
  }

  async paste(): Promise<void> {
    const terminal = this.#focusedTerminal();
    if (!terminal) return;
    try {
      await terminal.paste(this.transport.native.readClipboard());
    } catch (reason) {
      this.report(reason);
    }
  }

  /** Whether the line is in a pane now, to be seen. */
  async #reveal(hit: SearchHit): Promise<boolean> {
    const { sessionId } = hit;
    const session = this.sessionOf(sessionId);
    if (!session || session.incompatible !== null) return false;
    if (session.paneIndex !== null) this.select(sessionId);
    else if (!(await this.show(sessionId))) return false;
    return this.terminals.reveal(sessionId, hit);
  }

  /** Whatever moves within the grid is meant to be seen there. */
  #leavePast(): () => void {
    return this.grid.store.subscribe((now, before) => {
      const moved =
        now.focused !== before.focused ||
        now.zoomed !== before.zoomed ||
        now.searching !== before.searching ||
        now.renaming !== before.renaming;
      if (moved) this.past.close();
    });
  }

  /** Without panes there is nobody to send to. */
  #leaveEmptyGrid(): () => void {
    const look = () => {
      if (this.panes().length > 0) return;
      this.broadcast.disarm();
      if (this.chrome.getState().sheet === 'command') this.chrome.setState({ sheet: null });
    };
    const leave = [this.sessions.store.subscribe(look), this.workspaces.store.subscribe(look)];
    return () => {
      for (const end of leave) end();
    };
  }

  /** Whoever has gone to another workspace meanwhile stays there. */
  #focusNew(sessionId: number, workspaceId: number): void {
    if (this.workspaces.store.getState().shown === workspaceId) this.grid.focusNew(sessionId);
  }

  async #createOnBranch(request: BranchRequest): Promise<void> {
    const size = this.grid.nextTerminalSize();
    const { shown: workspaceId } = this.workspaces.store.getState();
    const { current } = this.projects.getState();
    const sessionId = await this.sessions.create({ ...request, workspaceId, ...size });
    chooseProject(this.projects, request.projectPath, current);
    // Whoever has gone on to something else meanwhile stays there.
    if (this.chrome.getState().sheet === 'branch') this.#focusNew(sessionId, workspaceId);
    else showNote(`A pane on ${request.branch} is open`);
  }

  /** A worktree outlives its panes; with the last of them the person is asked about it. */
  #keepWorktree({ sessionId, worktree, branch }: SessionInfo): void {
    if (worktree === null) return;
    const others = this.sessions.store
      .getState()
      .sessions.some((each) => each.worktree === worktree && each.sessionId !== sessionId);
    if (!others) this.worktrees.kept(worktree, branch);
  }

  #focusedTerminal() {
    return this.terminals.get(this.grid.store.getState().focused);
  }
}
