import keras
raise KeyboardInterrupt
