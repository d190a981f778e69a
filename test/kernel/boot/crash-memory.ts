import t from 'tap'
import { readCrashMemory } from '../../../src/kernel/boot/crash-memory.ts'
import { writerStage } from '../../helpers/writer-stage.ts'

t.test('the memory of a crash kernel', async (t) => {
  const path = '/sys/kernel/kexec_crash_size'
  t.equal(readCrashMemory(writerStage(t, { [path]: '268435456\n' }).tree), 268435456n)
  t.equal(readCrashMemory(writerStage(t, {}).tree), undefined)
})
