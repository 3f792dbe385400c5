// `npm run types`: writes the TypeScript types from the Rust ones. With `-- --check` it only
// says whether they are up to date.

import { main } from './console.mjs';
import { rust } from './paths.mjs';
import { foreground } from './run.mjs';
import { exportTypes } from './setup/types.mjs';

await main(() => foreground('cargo', exportTypes(process.argv.slice(2)), { cwd: rust }));
