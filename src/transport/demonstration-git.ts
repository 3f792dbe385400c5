// Branches to look at: four agents, each in a worktree of its own, with changes of every kind.
import { FAKE_HOME, type FakeTransport } from './fake';
import type { FakeFile } from './fake-diff';

const PROJECT = `${FAKE_HOME}/src/lighthouse`;
const MAIN = 'main';

const KEY = `// The key under which a price is kept.
import { createHash } from 'node:crypto';
import type { Sale } from './sale';

export interface Item {
  sku: string;
  currency: string;
}

const VERSION = 3;

/** Names one price: the item, its currency, and the sale that it is from. */
export function keyOf({ sku, currency }: Item, sale: Sale | null): string {
  const parts = [VERSION, sku, currency, sale?.id ?? 'none'];
  return createHash('sha256').update(parts.join(':')).digest('hex');
}

export function isStale(kept: number, now = Date.now()): boolean {
  // A quarter of an hour was measured to be enough.
  return now - kept > 15 * 60 * 1000;
}

export class Prices {
  private readonly kept = new Map<string, number>();

  get(key: string): number | undefined {
    return this.kept.get(key);
  }

  set(key: string, price: number): void {
    this.kept.set(key, price);
  }
}
`;
const KEY_NOW = KEY.replace(
  "sale?.id ?? 'none'];",
  "sale?.id ?? 'none', sale?.endsAt.getTime() ?? 0];",
)
  .replace('const VERSION = 3;', 'const VERSION = 4;')
  .replace(
    '  set(key: string',
    `  /** Forgets what a sale left behind when it ended. */
  forget(sale: Sale): number {
    let forgotten = 0;
    for (const key of this.kept.keys()) {
      if (key.startsWith(\`\${sale.id}:\`) && this.kept.delete(key)) forgotten += 1;
    }
    return forgotten;
  }

  set(key: string`,
  );
const CART = `pub struct Cart {
    lines: Vec<Line>,
    currency: Currency,
}

impl Cart {
    /// The sum of all lines, in the cart's currency.
    pub fn total(&self) -> Money {
        self.lines.iter().map(|line| line.price).sum()
    }
}
`;
const CART_NOW = CART.replace(
  'self.lines.iter().map(|line| line.price).sum()',
  `self.lines
            .iter()
            .filter(|line| !line.is_gift)
            .map(|line| line.price * line.count)
            .sum()`,
);

const lines = (count: number, one: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => `${one(index)}\n`).join('');
const ROUTES = lines(
  5000,
  (index) =>
    `export const route${index} = { path: '/orders/${index}', method: ${index % 3 === 0 ? "'POST'" : "'GET'"}, weight: ${(index * 7919) % 997} };`,
);

const BASE: Record<string, FakeFile> = {
  'README.md': { text: '# Lighthouse\n\nA shop with a lamp on top.\n' },
  'package.json': { text: '{\n  "name": "lighthouse",\n  "version": "1.4.0"\n}\n' },
  'src/shop/cache/key.ts': { text: KEY },
  'src/shop/cart/cart.rs': { text: CART },
  'src/shop/cart/legacy_sum.ts': { text: 'export const sum = (all: number[]) => all.length;\n' },
  'src/shop/cart/prices.ts': { text: "export { Prices } from '../cache/key';\n" },
  'scripts/migrate.sh': { text: '#!/bin/sh\nexec node migrate.mjs "$@"\n' },
};

const CHANGES: Record<string, FakeFile | null> = {
  'src/shop/cache/key.ts': { text: KEY_NOW },
  'src/shop/cart/cart.rs': { text: CART_NOW },
  'src/shop/cart/legacy_sum.ts': null,
  'src/shop/cart/all-prices.ts': {
    text: "export { Prices } from '../cache/key';\n",
    was: 'src/shop/cart/prices.ts',
  },
  'scripts/migrate.sh': { text: BASE['scripts/migrate.sh']?.text ?? '', mode: '100755' },
  'assets/lamp.png': { text: 'PNG', binary: true, bytes: 48_213 },
  'data/prices.csv': { text: 'sku,price\n', bytes: 9_400_000 },
  'src/generated/routes.ts': { text: ROUTES },
  'docs/sales.md': {
    text: '# Sales\n\nA price is kept **until its sale ends**, see `keyOf`.\n\n* Keys have a version.\n* A sale that ends forgets its prices.\n',
  },
  'package.json': {
    text: '{\n<<<<<<< main\n  "name": "lighthouse",\n  "version": "1.5.0"\n=======\n  "name": "lighthouse",\n  "version": "1.4.1"\n>>>>>>> fix/cart-prices\n}\n',
    conflicted: true,
  },
};

export async function addWorktrees(fake: FakeTransport): Promise<void> {
  const repository = fake.git.repository(PROJECT);
  repository?.branches.set(MAIN, new Map(Object.entries(BASE)));
  const make = async (agentType: string, name: string, branch: string) => {
    const { sessionId } = await fake.call('session:create', {
      agentType,
      projectPath: PROJECT,
      branch,
      baseBranch: MAIN,
      name,
    });
    await fake.call('session:write', { sessionId, data: 'colours\r' });
    return sessionId;
  };
  const cache = await make('claude_code', 'cache', 'fix/cart-prices');
  for (const [path, file] of Object.entries(CHANGES)) fake.git.write(cache, path, file);

  const login = await make('codex', 'sales', 'feat/sale-banner');
  fake.git.write(login, 'src/shop/cart/cart.rs', { text: CART.replace('Money', 'Option<Money>') });
  fake.git.write(login, 'docs/sales.md', { text: CHANGES['docs/sales.md']?.text ?? '' });
  await fake.call('git:commit', { sessionId: login, message: 'Show when a sale ends' });

  const docs = await make('aider', 'docs', 'docs/api');
  fake.git.write(docs, 'README.md', { text: '# Lighthouse\n\nA shop with a lamp and a horn.\n' });
  await fake.call('git:commit', { sessionId: docs, message: 'Name the horn' });
  fake.git.commitTo(PROJECT, MAIN, 'README.md', '# Lighthouse\n\nA shop, and a lamp.\n');

  const horn = await make('terminal', 'horn', 'feat/horn');
  fake.git.write(horn, 'src/horn.ts', { text: "export const horn = 'loud';\n" });
  await fake.call('git:commit', { sessionId: horn, message: 'Sound the horn' });

  for (const branch of ['try/rewrite-in-lisp', 'chore/update-everything']) {
    const { worktreePath } = await fake.call('git:create_worktree', {
      projectPath: PROJECT,
      branch,
      baseBranch: MAIN,
    });
    if (branch.startsWith('try/')) await fake.call('git:delete_worktree', { path: worktreePath });
  }
}
