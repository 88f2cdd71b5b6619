import * as Plot from '@observablehq/plot';
document.body.append(Plot.plot({marks:[Plot.barY([1]), Plot.cell([1]), Plot.ruleY([0]), Plot.line([1])]}));
