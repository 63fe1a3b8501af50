// Makes a small picture of one that was chosen, so that little is sent, whatever a camera has made and however it was held.

const PIXELS = 256; // the server keeps no more

/** The middle of an image file as a square PNG. Throws an Error that says so if the browser cannot read it. */
export async function squareOf(file) {
  const image = await createImageBitmap(file).catch(() => {
    throw new Error("This picture cannot be read.");
  });
  const side = Math.min(image.width, image.height);
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = Math.min(PIXELS, side);
  const drawing = canvas.getContext("2d");
  drawing.imageSmoothingQuality = "high";
  drawing.drawImage(image, (image.width - side) / 2, (image.height - side) / 2, side, side, 0, 0, canvas.width, canvas.height);
  image.close();
  return new Promise((resolve, reject) => canvas.toBlob(
    (blob) => (blob ? resolve(blob) : reject(new Error("This picture cannot be read."))), "image/png"));
}
