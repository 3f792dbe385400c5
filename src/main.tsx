// The page's entry: chooses who answers, puts the window together and shows it.
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from '@/app/App';
import { tellInteractive } from '@/app/interactive';
import { Synk } from '@/app/synk';
import { expectTerminals } from '@/features/terminal';
import type { Transport } from '@/transport';
import { createTauriTransport } from '@/transport/tauri';
import { loadParts, showError } from '@/ui';

async function chooseTransport(): Promise<Transport> {
  // A production bundle holds no trace of the fake.
  if (import.meta.env.DEV) {
    const address = new URLSearchParams(window.location.search);
    if (address.has('fake')) {
      const { createDemonstration } = await import('@/transport/demonstration');
      return createDemonstration(address);
    }
  }
  return createTauriTransport();
}

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no element #root');

const synk = new Synk(await chooseTransport(), showError);
synk.start();
// While the daemon is asked there is time for it.
expectTerminals();
createRoot(root).render(
  <StrictMode>
    <App synk={synk} />
  </StrictMode>,
);

// What the first frame does not need is there before anybody asks for it.
tellInteractive(synk).then(loadParts).catch(showError);
