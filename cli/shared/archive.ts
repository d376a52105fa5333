import { pack } from "tar-stream";

interface ArchivedFile {
  readonly path: string;
  readonly content: string;
  readonly mode: number;
}

/** Files as a tar archive. With a fixed `mtime` the same files are the same bytes each time. */
export async function archive(files: readonly ArchivedFile[], mtime = new Date()): Promise<Uint8Array> {
  const tar = pack();
  for (const { path, content, mode } of files) tar.entry({ name: path, mode, mtime }, content);
  tar.finalize();
  const chunks: Uint8Array[] = [];
  for await (const chunk of tar) chunks.push(chunk as Uint8Array);
  return Buffer.concat(chunks);
}
