import { LoaderCircle } from "lucide-react";
import { useEffect, useState, type ComponentType } from "react";
import { holdKeys } from "#web/ui/early-keys.ts";
import { whenIdle } from "#web/ui/idle.ts";

/** Shorter than this, a sign of waiting only flickers. */
const PATIENCE_MS = 150;

/**
 * A dialog whose code comes late: fetched as soon as the page rests, at the latest when it is opened. What is typed before it stands is typed into
 * its first field. Unlike `lazy` it draws at once what is already there, without the pause that Suspense keeps between two pictures. Throws to the
 * route's error page when the code cannot be fetched.
 */
export function late<Props extends object>(load: () => Promise<ComponentType<Props>>): ComponentType<Props> {
  let Ready: ComponentType<Props> | undefined;
  const fetchOnce = async () => {
    Ready ??= await load();
  };
  // Asked for again when it is opened: whether it can be fetched matters only then.
  whenIdle(() => void fetchOnce().catch(() => undefined));

  return function Late(props: Props) {
    // What is there already takes the focus by itself, before the next key.
    const [wasLate] = useState(Ready === undefined);
    const [, draw] = useState(false);
    const [failure, setFailure] = useState<{ error: unknown }>();
    useEffect(() => {
      if (Ready) return undefined;
      let isWanted = true;
      void fetchOnce().then(
        () => isWanted && draw(true),
        (error: unknown) => isWanted && setFailure({ error }),
      );
      return () => {
        isWanted = false;
      };
    }, []);
    if (failure) throw failure.error;
    return (
      <>
        {Ready ? <Ready {...props} /> : <OnItsWay />}
        {wasLate ? <HeldKeys /> : null}
      </>
    );
  };
}

/** Keys are held from the moment of opening until a field of the dialog has the focus. */
function HeldKeys() {
  useEffect(() => holdKeys(), []);
  return null;
}

function OnItsWay() {
  const [isLong, setIsLong] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setIsLong(true), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, []);
  if (!isLong) return null;
  return (
    <div role="status" className="fixed inset-0 z-40 flex animate-fade items-center justify-center bg-veil">
      <LoaderCircle className="size-6 animate-spin text-ink motion-reduce:animate-none" aria-hidden />
      <span className="sr-only">Opening…</span>
    </div>
  );
}
