export { readIfThere } from './contents.ts';
export { simulateExport, type ExportSimulation, type SimulatedExport } from './simulate-export.ts';
export { simulateRuns, type SimulatedLedger, type SimulatedStream } from './simulate-runs.ts';
