import * as Inputs from '@observablehq/inputs';

const RANGES = ['7 days', '30 days', '90 days', 'all', 'custom'] as const;
type Range = (typeof RANGES)[number];

/** Days that the reader chose, both inclusive. */
export interface Days {
  readonly from: string;
  readonly to: string;
  readonly isEverything: boolean;
}

/** Inputs for a range of days, and what they say together. */
export interface RangeInputs {
  readonly inputs: readonly { readonly input: HTMLFormElement; readonly name: string }[];
  readonly days: () => Days;
}

export function makeRange(
  days: { firstDay: string | undefined; lastDay: string | undefined },
  today: string,
): RangeInputs {
  const firstDay = days.firstDay ?? today;
  const lastDay = days.lastDay !== undefined && days.lastDay > today ? days.lastDay : today;
  const range = Inputs.radio<Range>(RANGES, { label: 'Range', value: 'all' });
  const from = Inputs.date({ label: 'From', value: new Date(firstDay) });
  const to = Inputs.date({ label: 'To', value: new Date(lastDay) });
  const showDays = (): void => {
    for (const input of [from, to]) input.hidden = range.value !== 'custom';
  };
  range.addEventListener('input', showDays);
  showDays();
  return {
    inputs: [
      { input: range, name: 'Range' },
      { input: from, name: '' },
      { input: to, name: '' },
    ],
    days: () => {
      const isEverything = range.value === 'all';
      if (isEverything) return { from: firstDay, to: lastDay, isEverything };
      if (range.value === 'custom')
        return { from: iso(from.value) ?? firstDay, to: iso(to.value) ?? lastDay, isEverything };
      const start = new Date(today);
      start.setUTCDate(start.getUTCDate() - Number.parseInt(range.value, 10) + 1);
      return { from: iso(start)!, to: today, isEverything };
    },
  };
}

const iso = (date: Date | null): string | undefined => date?.toISOString().slice(0, 10);
