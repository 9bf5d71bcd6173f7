// Photos are made small before they travel: a telephone's has ten times the bytes that a page shows,
// and lines in the fields are slow. What cannot be drawn here is sent as it is.
const SIDE = 1600;
const SMALL = 500_000;

async function small(file) {
  if (!/^image\/(jpeg|png|webp)$/.test(file.type) || file.size < SMALL) return file;
  try {
    const bitmap = await createImageBitmap(file);
    const scale = Math.min(1, SIDE / Math.max(bitmap.width, bitmap.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(bitmap.width * scale);
    canvas.height = Math.round(bitmap.height * scale);
    canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    const drawn = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.85));
    return drawn && drawn.size < file.size ? new File([drawn], "photo.jpg", { type: drawn.type }) : file;
  } catch {
    return file;
  }
}

export async function shrink(input) {
  const chosen = new DataTransfer();
  for (const file of input.files) chosen.items.add(await small(file));
  input.files = chosen.files;
}
