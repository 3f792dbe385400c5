// What Synk needs from the system, how to see whether it is there, and what each package
// manager calls it. A table: nothing here runs anything.
//
// `library` is a pkg-config name, `program` a name on PATH and `font` a fontconfig pattern. `for` says what needs it: `run`
// is building and running, `test` is the tests on top of that, and `bench` what Synk is measured beside. A manager without a name for a
// thing either has it in the base system or has no use for it. `dnf` takes a path as well as a
// name, which says exactly what is meant where packages were split and joined over the years.

export const requirements = [
  { program: 'git', for: 'run', apt: 'git', dnf: 'git', pacman: 'git', brew: 'git' },
  { program: 'cc', for: 'run', apt: 'build-essential', dnf: 'gcc', pacman: 'base-devel' },
  {
    program: 'pkg-config',
    for: 'run',
    apt: 'pkg-config',
    dnf: 'pkgconf-pkg-config',
    pacman: 'pkgconf',
  },
  {
    library: 'webkit2gtk-4.1',
    for: 'run',
    apt: 'libwebkit2gtk-4.1-dev',
    dnf: 'webkit2gtk4.1-devel',
    pacman: 'webkit2gtk-4.1',
  },
  { library: 'gtk+-3.0', for: 'run', apt: 'libgtk-3-dev', dnf: 'gtk3-devel', pacman: 'gtk3' },
  {
    library: 'librsvg-2.0',
    for: 'run',
    apt: 'librsvg2-dev',
    dnf: 'librsvg2-devel',
    pacman: 'librsvg',
  },
  { library: 'dbus-1', for: 'run', apt: 'libdbus-1-dev', dnf: 'dbus-devel', pacman: 'dbus' },

  // The window is driven for real: a display of its own, a bus of its own, and WebKit's driver.
  {
    program: 'WebKitWebDriver',
    for: 'test',
    apt: 'webkit2gtk-driver',
    dnf: '/usr/bin/WebKitWebDriver',
    pacman: 'webkitgtk-6.0',
  },
  {
    program: 'Xvfb',
    for: 'test',
    apt: 'xvfb',
    dnf: 'xorg-x11-server-Xvfb',
    pacman: 'xorg-server-xvfb',
  },
  { program: 'dbus-daemon', for: 'test', apt: 'dbus-daemon', dnf: 'dbus-daemon', pacman: 'dbus' },

  // The programs that the terminals are tried with.
  { program: 'bash', for: 'test', apt: 'bash', dnf: 'bash', pacman: 'bash' },
  { program: 'zsh', for: 'test', apt: 'zsh', dnf: 'zsh', pacman: 'zsh' },
  { program: 'fish', for: 'test', apt: 'fish', dnf: 'fish', pacman: 'fish' },
  { program: 'dash', for: 'test', apt: 'dash', dnf: 'dash', pacman: 'dash' },
  { program: 'vim', for: 'test', apt: 'vim', dnf: 'vim-enhanced', pacman: 'vim' },
  { program: 'htop', for: 'test', apt: 'htop', dnf: 'htop', pacman: 'htop', brew: 'htop' },
  {
    program: 'asciinema',
    for: 'test',
    apt: 'asciinema',
    dnf: 'asciinema',
    pacman: 'asciinema',
    brew: 'asciinema',
  },
  { program: 'less', for: 'test', apt: 'less', dnf: 'less', pacman: 'less' },

  // Synk is measured beside them; the others are crates, see contenders.mjs.
  { program: 'tmux', for: 'test', apt: 'tmux', dnf: 'tmux', pacman: 'tmux' },
  { program: 'screen', for: 'bench', apt: 'screen', dnf: 'screen', pacman: 'screen' },
  { program: 'dtach', for: 'bench', apt: 'dtach', dnf: 'dtach', pacman: 'dtach' },

  // Pictures of the window are looked at, and the terminal font has neither of these.
  {
    font: ':lang=zh',
    for: 'test',
    apt: 'fonts-wqy-zenhei',
    dnf: 'wqy-zenhei-fonts',
    pacman: 'wqy-zenhei',
  },
  {
    font: ':lang=und-zsye',
    for: 'test',
    apt: 'fonts-noto-color-emoji',
    dnf: 'google-noto-color-emoji-fonts',
    pacman: 'noto-fonts-emoji',
  },
];

/**
 * How to install packages without questions. `refresh` brings a package list up to date where
 * an old one makes installing fail; a person at a terminal gets the manager's own question.
 */
export const managers = {
  apt: {
    program: 'apt-get',
    refresh: ['apt-get', 'update'],
    install: ['apt-get', 'install', '--no-install-recommends'],
    unattended: '--yes',
    env: { DEBIAN_FRONTEND: 'noninteractive' },
    needsRoot: true,
  },
  dnf: { program: 'dnf', install: ['dnf', 'install'], unattended: '--assumeyes', needsRoot: true },
  pacman: {
    program: 'pacman',
    // Arch knows no partial upgrade: a refresh without an upgrade can break the system.
    install: ['pacman', '-S', '--needed'],
    unattended: '--noconfirm',
    needsRoot: true,
  },
  // Homebrew refuses root and never asks.
  brew: { program: 'brew', install: ['brew', 'install'], needsRoot: false },
};

/** Each purpose needs what stands before it too. */
const PURPOSES = ['run', 'test', 'bench'];

/** What is needed on this system for `purpose`: "run", "test" or "bench". */
export function needed(purpose, platform, table = requirements) {
  return table.filter((one) => {
    if (PURPOSES.indexOf(one.for) > PURPOSES.indexOf(purpose)) return false;
    // macOS brings its webview, and Xcode's command line tools the compiler; WKWebView has no
    // driver, so what drives the window is of no use there.
    return platform === 'linux' || one.brew !== undefined || one.program === 'cc';
  });
}
