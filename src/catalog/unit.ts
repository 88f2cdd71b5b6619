/** How the cells of a unit are drawn; anything left out follows from the type of the column. */
export interface Unit {
  readonly isMoney?: true;
  /** Rounded to cents, or every digit but the zeros at the end. */
  readonly digits?: 'cents' | 'all';
  /** Never cut, however narrow the terminal. */
  readonly isUncut?: true;
  /** Sentences, which are wrapped. */
  readonly isProse?: true;
  /** A shape drawn with text, for people: machines get the figures behind it. */
  readonly isShape?: true;
}

/** Every unit that a header can name, in its one spelling. Symbols are those of UCUM, which OpenTelemetry uses. */
const UNITS: Readonly<Record<string, Unit>> = {
  // money
  USD: { isMoney: true, digits: 'cents' },
  'USD/h': { isMoney: true, digits: 'cents' },
  // prices, factors, and sums that a person checks by hand
  'USD exact': { isMoney: true, digits: 'all' },
  'USD/M': { isMoney: true, digits: 'all' },
  'USD/1000': { isMoney: true, digits: 'all' },
  factor: { digits: 'all' },
  number: { digits: 'all' },
  'USD/token': { isMoney: true },
  'USD/search': { isMoney: true },
  // counts
  tokens: {},
  'tokens/min': {},
  responses: {},
  sessions: {},
  runs: {},
  calls: {},
  searches: {},
  providers: {},
  commits: {},
  files: {},
  lines: {},
  characters: {},
  units: {},
  bytes: {},
  '%': {},
  ms: {},
  min: {},
  days: {},
  // not amounts
  time: {},
  day: {},
  flag: {},
  text: {},
  line: { isUncut: true },
  prose: { isUncut: true, isProse: true },
  shape: { isShape: true },
};

export const UNIT_NAMES: readonly string[] = Object.keys(UNITS);

/** How the cells of a unit are drawn; a column may have none. */
export const unitOf = (name: string | null | undefined): Unit => UNITS[name ?? ''] ?? {};
