import t from 'tap'
import { predictBoot } from '../../../src/model/boot/predict-boot.ts'
import { type LoaderLine, loaderColumns } from '../../../src/output/boot/loader-rows.ts'
import { bootMachine } from '../../helpers/predicted.ts'

const row = (line: string | undefined, differs = false): LoaderLine => ({
  line: 'next-boot',
  path: '/a',
  words: line ?? '',
  ...(line !== undefined && { predicted: predictBoot(line, [6, 12], bootMachine) }),
  differs,
})
const cells = (of: LoaderLine) => loaderColumns.map(({ cell }) => cell(of))

t.test('the cells of a line', async (t) => {
  const words = 'hugepagesz=1G hugepages=0:2,1:1 hugepagesz=2M hugepages=0:4'
  t.strictSame(cells(row(words)), ['next-boot', '/a', '2M=0:4 1G=0:2,1:1', words])
  t.strictSame(cells(row('')), ['next-boot', '/a', 'none', undefined])
  t.strictSame(cells(row(undefined)), ['next-boot', '/a', undefined, undefined])
  const tones = (differs: boolean) => loaderColumns.map(({ tone }) => tone?.(row('', differs)))
  t.strictSame(tones(true), ['wrong', undefined, undefined, undefined])
  t.strictSame(tones(false), [undefined, undefined, undefined, undefined])
})
