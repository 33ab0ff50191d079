/** `lowland serve`: the same window and the same service in the browser of this machine, until Ctrl+C. */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { createService } from '../service/service.ts'
import { AppError } from '../shared/contract/errors.ts'
import { number, type OptionSpec, type ParsedArguments, text } from './arguments.ts'
import { startLoopback } from './http/server.ts'
import { dataFolder, type Places } from './places.ts'

export const SERVE_OPTIONS: Readonly<Record<string, OptionSpec>> = {
  port: { value: true, help: '端口，默认任选' },
  open: { value: false, help: '在浏览器中打开' },
}

function openInBrowser(url: string): void {
  const [command, args] =
    process.platform === 'win32'
      ? ['rundll32', ['url.dll,FileProtocolHandler', url]]
      : process.platform === 'darwin'
        ? ['open', [url]]
        : ['xdg-open', [url]]
  const child = spawn(command as string, args as string[], { detached: true, stdio: 'ignore' })
  // No browser to open is no failure: the address has been printed.
  child.on('error', () => process.stderr.write('没有找到浏览器，请手工打开上面的地址\n'))
  child.unref()
}

/** Runs until SIGINT or SIGTERM, then closes the survey in good order. */
export async function runServe(options: ParsedArguments['options'], places: Places): Promise<void> {
  const { rendererFolder } = places
  if (!existsSync(join(rendererFolder, 'index.html'))) {
    throw new AppError('file_not_found', '窗口还没有构建，请先运行 npm run build', { reason: 'not_built' })
  }
  const survey = text(options, 'survey') ?? process.env['LOWLAND_SURVEY']
  const folder = dataFolder()
  const service = await createService({
    dataFolder: folder,
    resourcesFolder: places.resourcesFolder,
    appVersion: places.appVersion,
    confined: true,
    background: true,
    ...(survey === undefined ? {} : { surveyFile: resolve(survey) }),
  })
  const loopback = await startLoopback({
    service,
    rendererFolder,
    dataFolder: folder,
    port: number(options, 'port') ?? 0,
  }).catch(async error => {
    await service.close()
    throw error
  })
  const url = loopback.newUrl()
  if (options['json'] === true) process.stdout.write(`${JSON.stringify({ url })}\n`)
  else process.stdout.write(`Lowland: ${url}\n地址只能打开一次；在别的浏览器打开请按回车键。按 Ctrl+C 结束\n`)
  if (options['open'] === true) openInBrowser(url)
  const renew = (): void => void process.stdout.write(`Lowland: ${loopback.newUrl()}\n`)
  if (process.stdin.isTTY && options['json'] !== true) process.stdin.on('data', renew)
  await new Promise<void>(done => {
    process.once('SIGINT', () => done())
    process.once('SIGTERM', () => done())
  })
  process.stdin.off('data', renew).pause()
  await loopback.close()
  await service.close()
}
