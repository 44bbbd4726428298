"""The page where a composition is put together, the tray with its roles, and the sheet that asks for consent."""
