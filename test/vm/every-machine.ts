import { type ArchitectureName, architectureNames, architectures } from './architectures.ts'
import { foreignMachines } from './foreign-machines.ts'
import { machines, type VirtualMachine } from './machines.ts'

export const machinesOf: Readonly<Record<ArchitectureName, readonly VirtualMachine[]>> = {
  amd64: machines,
  ...foreignMachines,
}

/** The machines of the processor that runs this. */
export const machinesHere: readonly VirtualMachine[] = architectureNames.flatMap((name) =>
  architectures[name].processor === process.arch ? machinesOf[name] : [],
)
