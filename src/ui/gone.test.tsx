// @vitest-environment jsdom
import { act, cleanup, render } from '@testing-library/react';
import { afterEach, expect, it, vi } from 'vitest';
import { Menu, Popover, Sheet } from '.';

afterEach(cleanup);

const overlays = {
  sheet: (open: boolean, onClosed: () => void) => (
    <Sheet open={open} title="Sheet" onClose={() => {}} onClosed={onClosed}>
      <input aria-label="In it" />
    </Sheet>
  ),
  popover: (open: boolean, onClosed: () => void) => (
    <Popover.Root open={open}>
      <Popover.Content label="Popover" onClosed={onClosed}>
        <input aria-label="In it" />
      </Popover.Content>
    </Popover.Root>
  ),
  menu: (open: boolean, onClosed: () => void) => (
    <Menu.Root open={open} modal={false}>
      <Menu.Trigger>Open</Menu.Trigger>
      <Menu.Content onClosed={onClosed}>
        <Menu.Item>One</Menu.Item>
      </Menu.Content>
    </Menu.Root>
  ),
};

it.each(Object.entries(overlays))(
  'a %s that goes leaves the keyboard at once',
  async (_, overlay) => {
    const terminal = document.body.appendChild(document.createElement('textarea'));
    const onClosed = vi.fn(() => terminal.focus());
    const { rerender } = render(overlay(true, onClosed));
    await act(async () => {});
    expect(onClosed).not.toHaveBeenCalled();
    vi.useFakeTimers();
    try {
      await act(async () => rerender(overlay(false, onClosed)));
      expect(onClosed).toHaveBeenCalledOnce();
      expect(document.activeElement).toBe(terminal);
      // What Radix does later does not take it away again.
      await act(async () => void vi.runAllTimers());
      expect(document.activeElement).toBe(terminal);
      expect(onClosed).toHaveBeenCalledOnce();
    } finally {
      vi.useRealTimers();
      terminal.remove();
    }
  },
);
