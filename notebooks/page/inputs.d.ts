/** What the page uses of Observable Inputs, which come without types. */
declare module '@observablehq/inputs' {
  type Input<Value> = HTMLFormElement & { value: Value };
  interface Choice<Value> {
    label?: string;
    value?: Value;
    format?: (value: Value) => string;
  }
  export function select<Value>(data: Iterable<Value>, options: Choice<Value>): Input<Value>;
  export function radio<Value>(data: Iterable<Value>, options: Choice<Value>): Input<Value>;
  export function date(options: { label?: string; value?: Date; min?: Date; max?: Date }): Input<Date | null>;
}
