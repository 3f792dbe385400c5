// `npm run setup`: everything that the app and the tests need, and nothing is started.

import { main } from './console.mjs';
import { build, prepare } from './setup/everything.mjs';

await main(async () => {
  await prepare('test');
  await build('test');
});
