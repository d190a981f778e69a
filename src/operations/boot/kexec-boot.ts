import type { BootFiles } from '../../model/boot/loaders/boot-files.ts'
import { sequenceIn } from '../../model/boot/loaders/hugetlb-sequence.ts'
import { type KexecLine, kexecLine, kexecLoaded } from '../../model/boot/loaders/kexec-load.ts'
import type { BootPrediction } from '../../model/boot/predict-boot.ts'
import { present } from '../../model/words/present.ts'
import type { Ports } from '../ports.ts'
import { predictHere } from './next-boot.ts'

/** What a reboot that goes past the boot loader starts with. */
export interface KexecBoot extends KexecLine {
  /** Its words about HugeTLB; absent where its line cannot be told. */
  readonly words?: string
  readonly predicted?: BootPrediction
}

/** Looks at what a reboot by kexec starts with. Undefined where it goes through the boot loader. */
export const lookAtKexec = (ports: Ports, files: BootFiles): KexecBoot | undefined => {
  const found = kexecLine(files)
  if (found?.line === undefined) return found
  const { path, line } = found
  return present({ path, line, words: sequenceIn(line), predicted: predictHere(ports, line) })
}

/** Says where a reboot by kexec has other words than these, or words that cannot be told. */
export const kexecNotes = (kexec: KexecBoot | undefined, words?: string): readonly string[] => {
  if (kexec === undefined) return []
  const { path } = kexec
  if (path === kexecLoaded)
    return [`${path}: a kernel is loaded that a reboot starts by kexec: its line cannot be read`]
  if (kexec.words === undefined)
    return [`${path}: a reboot starts by kexec, with a line that a shell makes then`]
  return words === undefined || kexec.words === words
    ? []
    : [
        `${path}: a reboot by kexec has ${kexec.words || 'no words about HugeTLB'}: coldreboot(8) goes through the boot loader`,
      ]
}
